import { readFile } from "node:fs/promises";
import path from "node:path";
import type { KubeConfig, User } from "@kubernetes/client-node";
import { z } from "zod";
import { AppError } from "../../../domain/app-error";

const withTokenFiles = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .nullish(),
});

/**
 * What a kubeconfig says, several files by `:` as kubectl takes them, or the service account of the pod this runs in.
 * Every way in which it cannot be used is an `AppError("unavailable")` that says what to do, and none repeats what
 * stands in the file.
 */
export async function readKubeconfig(kubeconfig: string | null): Promise<KubeConfig> {
  const { KubeConfig, loadYaml } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === null) {
    config.loadFromCluster();
    return config;
  }
  for (const [at, file] of kubeconfigFiles(kubeconfig).entries()) {
    const text = await readText(file);
    const one = new KubeConfig();
    try {
      one.loadFromString(text);
      one.makePathsAbsolute(path.dirname(file));
      addTokenFiles(one, withTokenFiles.parse(loadYaml<unknown>(text)), path.dirname(file));
      config.mergeConfig(one, at > 0 && config.currentContext !== undefined);
    } catch (error) {
      // Without its cause: that quotes the file, and would stand in the log.
      throw unusable(`the kubeconfig ${file} is not one${lineOf(error)}`, "write it anew, or name another");
    }
  }
  checkContext(config, kubeconfig);
  addExecInfo(config);
  return config;
}

export const kubeconfigFiles = (kubeconfig: string): string[] => kubeconfig.split(path.delimiter).filter(Boolean);

async function readText(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reasons: Record<string, [string, string]> = {
      ENOENT: [`there is no kubeconfig at ${file}`, "set KUBECONFIG to the file that reaches the cluster"],
      ENOTDIR: [`there is no kubeconfig at ${file}`, "set KUBECONFIG to the file that reaches the cluster"],
      EISDIR: [`KUBECONFIG is the directory ${file}`, "name the file in it"],
      EACCES: [`the kubeconfig ${file} may not be read`, "let the user that Trellis runs as read it"],
    };
    const [what, todo] = reasons[error.code ?? ""] ?? [
      `the kubeconfig ${file} cannot be read (${error.code})`,
      "mend that",
    ];
    throw unusable(what, todo, error);
  });
  if (text.trim() === "") throw unusable(`the kubeconfig ${file} is empty`, "write it anew, or name another");
  return text;
}

/** The library knows `tokenFile` only for a pod's own account; in a kubeconfig it stands beside the user. */
function addTokenFiles(config: KubeConfig, { users }: z.infer<typeof withTokenFiles>, directory: string): void {
  for (const { name, user } of users ?? []) {
    const known: { -readonly [Key in keyof User]: User[Key] } | null = config.getUser(name);
    if (!known || !user?.tokenFile) continue;
    known.authProvider = { name: "tokenFile", config: { tokenFile: path.resolve(directory, user.tokenFile) } };
    delete known.token;
  }
}

function checkContext(config: KubeConfig, kubeconfig: string): void {
  const names = config.contexts.map(({ name }) => name);
  const use = `kubectl config use-context ${names[0] ?? "NAME"}`;
  if (!config.currentContext) throw unusable(`the kubeconfig ${kubeconfig} has no current context`, `\`${use}\``);
  const context = config.getContextObject(config.currentContext);
  if (!context)
    throw unusable(
      `the kubeconfig ${kubeconfig} has no context "${config.currentContext}", its current one`,
      `\`${use}\``,
    );
  if (!config.getCluster(context.cluster)?.server)
    throw unusable(`the kubeconfig ${kubeconfig} has no address for the cluster "${context.cluster}"`, "add it");
  if (!config.getUser(context.user))
    throw unusable(`the kubeconfig ${kubeconfig} has no user "${context.user}"`, "add it");
}

/** What kubectl tells a program that gives credentials, and the library does not: several refuse to work without. */
function addExecInfo(config: KubeConfig): void {
  const exec = execShape.safeParse(config.getCurrentUser()?.exec).data;
  const cluster = config.getCurrentCluster();
  if (!exec || !cluster) return;
  const about = { server: cluster.server, "certificate-authority-data": cluster.caData };
  const spec = { interactive: false, ...(exec.provideClusterInfo ? { cluster: about } : {}) };
  const value = JSON.stringify({ apiVersion: exec.apiVersion, kind: "ExecCredential", spec });
  const told = config.getCurrentUser()?.exec;
  told.env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value }];
}

const execShape = z.object({
  apiVersion: z.string().default("client.authentication.k8s.io/v1"),
  provideClusterInfo: z.boolean().default(false),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});

/** A YAML error quotes the file, and the file has secrets: of it only the line's number is told. */
function lineOf(error: unknown): string {
  const mark = z.object({ mark: z.object({ line: z.number() }) }).safeParse(error).data?.mark;
  return mark ? ` (line ${mark.line + 1} is not YAML)` : "";
}

function unusable(what: string, todo: string, cause?: unknown): AppError {
  return new AppError("unavailable", `${what}: ${todo}`, { cause });
}
