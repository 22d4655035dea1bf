import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ApiProxy } from "../../server/hosts/kubernetes/testing/api-proxy";
import type { RepositoryView, SessionView } from "../../server/protocol/api";
import { type GitHttpServer, serveGitOverHttp } from "./git-http-server";
import { type GitRepository, makeGitRepository } from "./git-repository";
import { Program } from "./program";
import { eventually } from "./session";

const run = promisify(execFile);
const password = "geheim";
/** A pod comes up within seconds where its image is there; a busy machine takes longer. */
const podMs = 120_000;

export type ClusterPart = "kube-apiserver" | "kubelet" | "containerd";

/** Why nothing can be run on a cluster here, in words; null where it can. */
export function whyNoCluster(): string | null {
  if (!process.env["KUBECONFIG"]) return "KUBECONFIG names no cluster";
  if (!process.env["TRELLIS_TEST_WORKSPACE_IMAGE"]) return "TRELLIS_TEST_WORKSPACE_IMAGE names no image";
  return null;
}

/** Why no part of the cluster can be killed here: nothing would bring it back. */
export function whyNoParts(): string | null {
  const { TRELLIS_TEST_CLUSTER_UP, TRELLIS_TEST_CLUSTER_DIR } = process.env;
  if (!TRELLIS_TEST_CLUSTER_UP) return "TRELLIS_TEST_CLUSTER_UP names no command that brings the cluster's parts back";
  return TRELLIS_TEST_CLUSTER_DIR ? null : "TRELLIS_TEST_CLUSTER_DIR names no directory with the parts' process ids";
}

/** Ends one part as a crash does. */
export function killPart(part: ClusterPart): void {
  const file = path.join(process.env["TRELLIS_TEST_CLUSTER_DIR"] ?? "", "run", `${part}.pid`);
  process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
}

/** Starts what of the cluster does not run, and waits until it answers. */
export async function bringPartsBack(): Promise<void> {
  await run(process.env["TRELLIS_TEST_CLUSTER_UP"] ?? "", [], { timeout: 120_000 });
}

/** The real program over a real cluster: a namespace of its own, and a way to the API server that can be cut. */
export class ClusterGround {
  private constructor(
    readonly namespace: string,
    readonly program: Program,
    readonly remote: GitRepository,
    private readonly parts: { proxy: ApiProxy; forge: GitHttpServer; directory: string },
  ) {}

  /** `files` are what a new worktree holds. With `straight` nothing stands in the way to the API server: none can be cut. */
  static async open(
    files: Record<string, string>,
    { env = {}, straight = false }: { env?: Record<string, string>; straight?: boolean } = {},
  ): Promise<ClusterGround> {
    const namespace = `trellis-test-${randomBytes(5).toString("hex")}`;
    await run("kubectl", ["create", "namespace", namespace]);
    const used = process.env["TRELLIS_TEST_USED"];
    if (used) appendFileSync(used, "cluster\n");
    const { stdout } = await run("kubectl", ["config", "view", "--raw", "--flatten", "--minify", "--output", "json"]);
    const config = JSON.parse(stdout) as { clusters: [{ cluster: { server: string } }] };
    const [{ cluster }] = config.clusters;
    const proxy = await ApiProxy.open(cluster.server);
    if (!straight) cluster.server = proxy.url;
    const directory = mkdtempSync(path.join(tmpdir(), "trellis-cluster-"));
    writeFileSync(path.join(directory, "kubeconfig"), JSON.stringify(config), { mode: 0o600 });
    const remote = makeGitRepository({ "README.md": "# Ledger\n", ...files });
    const forge = await serveGitOverHttp(remote, password, addressForPods());
    const program = await Program.create({
      KUBECONFIG: path.join(directory, "kubeconfig"),
      TRELLIS_NAMESPACE: namespace,
      TRELLIS_WORKSPACE_IMAGE: process.env["TRELLIS_TEST_WORKSPACE_IMAGE"] ?? "",
      TRELLIS_IMAGE: process.env["TRELLIS_TEST_TRELLIS_IMAGE"] ?? process.env["TRELLIS_TEST_WORKSPACE_IMAGE"] ?? "",
      TRELLIS_STORAGE_SIZE: "1Gi",
      ...env,
    });
    return new ClusterGround(namespace, program, remote, { proxy, forge, directory });
  }

  /** With the password inside, as pods reach it. */
  get cloneUrl(): string {
    return this.parts.forge.urlWith("ana", password);
  }

  /** What is asked of the remote waits, until what is returned is called: a clone stands still for as long. */
  holdRemote(): () => void {
    return this.parts.forge.hold();
  }

  get proxy(): ApiProxy {
    return this.parts.proxy;
  }

  /** A session in a pod, waited for until its terminal is there. */
  async openSession(): Promise<SessionView> {
    const { items } = await this.program.api<{ items: RepositoryView[] }>("GET", "/api/repositories");
    const body = { cloneUrl: this.cloneUrl, host: "kubernetes" };
    const { id: repositoryId } =
      items[0] ?? (await this.program.api<RepositoryView>("POST", "/api/repositories", body));
    const { id } = await this.program.api<SessionView>("POST", "/api/sessions", { repositoryId });
    return this.untilActive(id);
  }

  untilActive(sessionId: string): Promise<SessionView> {
    const ask = () => this.program.api<SessionView>("GET", `/api/sessions/${sessionId}`);
    return eventually(ask, ({ phase }) => phase === "active", podMs);
  }

  async kubectl(...args: string[]): Promise<string> {
    return (await run("kubectl", ["--namespace", this.namespace, ...args])).stdout;
  }

  async close(): Promise<void> {
    await this.program.destroy();
    await this.parts.proxy.goAway();
    await this.parts.forge.close();
    this.remote.remove();
    rmSync(this.parts.directory, { recursive: true, force: true });
    // Not waited for: it ends its pods in its own time.
    await run("kubectl", ["delete", "namespace", this.namespace, "--wait=false"]);
  }
}

/** An address of this machine that pods reach. */
export function addressForPods(): string {
  const address = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  if (!address) throw new Error("this machine has no address that pods could reach");
  return address.address;
}
