import { stat } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { AppError } from "../../../domain/app-error";
import { kubeconfigFiles, readKubeconfig } from "./kubeconfig";
import type { Place } from "./place";
import type { ClusterTimings } from "./timings";

/** Where the API server is, and with what it is asked. */
export type Target = { server: string; options: RequestOptions };

/**
 * Reads the kubeconfig again when its file changed, token files and certificates when their time comes, and asks a
 * program that gives credentials when the last ones ran out.
 */
export class Credentials {
  readonly source: string;
  #read: { config: KubeConfig; version: string; at: number } | null = null;
  #pending: Promise<Target> | null = null;
  #last: { server: string | null; certificate: string | Buffer | null } = { server: null, certificate: null };

  constructor(
    private readonly kubeconfig: string | null,
    private readonly timings: ClusterTimings,
  ) {
    this.source = kubeconfig === null ? "this pod's service account" : `the kubeconfig ${kubeconfig}`;
  }

  /** One at a time for all who ask: a program that hangs is waited for, not started again by each. */
  async target(): Promise<Target> {
    this.#pending ??= this.#make().finally(() => {
      this.#pending = null;
    });
    const over = new AbortController();
    const late = sleep(this.timings.answerMs, null, { signal: over.signal }).catch(() => null);
    try {
      const target = await Promise.race([this.#pending, late]);
      if (target) return target;
    } finally {
      over.abort();
    }
    throw new AppError(
      "unavailable",
      `the credentials of ${this.source} did not come in time: try its program by hand`,
    );
  }

  /** After the API server turned these away. Says whether asking again may go better. */
  forget(): boolean {
    if (!this.#read || Date.now() - this.#read.at < this.timings.freshCredentialsMs) return false;
    this.#read = null;
    return true;
  }

  /** Where it was last, for whoever is told that something failed; what is not known is null. */
  place(): Omit<Place, "namespace"> {
    return { source: this.source, ...this.#last };
  }

  async #make(): Promise<Target> {
    const config = await this.#config();
    const server = config.getCurrentCluster()?.server;
    if (!server) throw new AppError("unavailable", `${this.source} has no address of a cluster: add it`);
    this.#last = { server, certificate: null };
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options).catch((error: unknown) => {
      // Without its cause: what a program answered may stand in it, and would in the log.
      throw new AppError("unavailable", `${this.source} gives no credentials: ${whyNone(error)}`);
    });
    const { cert } = options;
    if (typeof cert === "string" || Buffer.isBuffer(cert)) this.#last.certificate = cert;
    // The library keeps one agent for ever, with the certificates of its first day.
    if (!config.getCurrentCluster()?.proxyUrl) delete options.agent;
    const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name, `${value}`.trim()]);
    return { server, options: { ...options, headers: Object.fromEntries(headers) } };
  }

  async #config(): Promise<KubeConfig> {
    const version = await versionOf(this.kubeconfig);
    if (this.#read?.version !== version)
      this.#read = { config: await readKubeconfig(this.kubeconfig), version, at: Date.now() };
    return this.#read.config;
  }
}

/** Of what the library says only that which cannot be a secret: an answer that is not understood may hold one. */
function whyNone(error: unknown): string {
  if (!(error instanceof Error) || error instanceof SyntaxError || error instanceof TypeError)
    return "the answer of its program is not a credential: try it by hand";
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" && syscall?.startsWith("spawn"))
    return `its program ${path ?? ""} is not installed here: install it, or use a kubeconfig without one`;
  if (code !== undefined) return `${path ?? "a file it names"} cannot be read (${code}): mend that`;
  const said = error.message.trim().split("\n").at(-1) ?? "";
  return `${said.slice(0, 300) || "its program failed and said nothing"}: try it by hand`;
}

/** Changes when a file does. One that cannot be looked at is told about when it is read. */
async function versionOf(kubeconfig: string | null): Promise<string> {
  const looks = kubeconfigFiles(kubeconfig ?? "").map((file) =>
    stat(file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs}/${size}/${ino}`,
      (error: NodeJS.ErrnoException) => `${error.code}`,
    ),
  );
  return (await Promise.all(looks)).join(" ");
}
