import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, test, vi } from "vitest";

/** The vendor's own client as the cluster's administrator, for what a test sets up and asserts. */
type Clients = {
  kubeConfig: KubeConfig;
  core: CoreV1Api;
  apps: AppsV1Api;
  rbac: RbacAuthorizationV1Api;
  authorization: AuthorizationV1Api;
  objects: KubernetesObjectApi;
};

export type ClusterGround = {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Of this suite alone: made before its first test, deleted after its last. */
  readonly namespace: string;
  /** Empty, of this suite alone, removed after it. There once the tests run. */
  readonly directory: string;
  /** Of the workspace; throws where none was named. Ask for it inside `imageTest`. */
  readonly image: string;
  /** Of the server; where none was named the workspace's, which has the same programs to bring. */
  readonly trellisImage: string;
  /** There once the tests run. */
  readonly admin: Clients;
  /** A test that needs the workspace image: skipped, with the reason in its name, where none was named. */
  imageTest(name: string, body: () => Promise<void>, timeoutMs?: number): void;
};

/**
 * A suite on a real cluster, the one of `KUBECONFIG`: skipped, with the reason in its name, where there is none. The
 * workspace image is the one of `TRELLIS_TEST_WORKSPACE_IMAGE`.
 */
export function describeCluster(name: string, define: (ground: ClusterGround) => void): void {
  const kubeconfig = process.env["KUBECONFIG"];
  if (!kubeconfig) {
    describe.skip(`${name} (skipped: KUBECONFIG names no cluster)`, () => define(openGround("")));
    return;
  }
  describe(name, () => define(openGround(kubeconfig)));
}

function openGround(kubeconfig: string): ClusterGround {
  const namespace = `trellis-test-${randomBytes(5).toString("hex")}`;
  const image = process.env["TRELLIS_TEST_WORKSPACE_IMAGE"];
  const made: { admin?: Clients; directory?: string } = {};
  beforeAll(async () => {
    made.directory = await mkdtemp(path.join(tmpdir(), "trellis-cluster-"));
    made.admin = await connect(kubeconfig);
    await makeNamespace(made.admin.core, namespace, { "trellis.dev/test": "" });
    markUsed();
  });
  afterAll(async () => {
    if (made.directory) await rm(made.directory, { recursive: true, force: true });
    // Not waited for: it ends its pods in its own time.
    await made.admin?.core.deleteNamespace({ name: namespace });
  });
  return {
    kubeconfig,
    namespace,
    get directory() {
      return there(made.directory);
    },
    get image() {
      return there(image);
    },
    get trellisImage() {
      return process.env["TRELLIS_TEST_TRELLIS_IMAGE"] ?? there(image);
    },
    get admin() {
      return there(made.admin);
    },
    imageTest(title, body, timeoutMs) {
      if (image) test(title, body, timeoutMs);
      else test.skip(`${title} (skipped: TRELLIS_TEST_WORKSPACE_IMAGE names no image)`, body);
    },
  };
}

/** One in which pods can be made: each needs the service account that the cluster makes a little later. */
export async function makeNamespace(core: CoreV1Api, name: string, labels: Record<string, string>): Promise<void> {
  await core.createNamespace({ body: { metadata: { name, labels } } });
  await vi.waitFor(() => core.readNamespacedServiceAccount({ name: "default", namespace: name }));
}

async function connect(kubeconfig: string): Promise<Clients> {
  const { AppsV1Api, AuthorizationV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi, RbacAuthorizationV1Api } =
    await import("@kubernetes/client-node");
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfig);
  return {
    kubeConfig,
    core: kubeConfig.makeApiClient(CoreV1Api),
    apps: kubeConfig.makeApiClient(AppsV1Api),
    rbac: kubeConfig.makeApiClient(RbacAuthorizationV1Api),
    authorization: kubeConfig.makeApiClient(AuthorizationV1Api),
    objects: KubernetesObjectApi.makeApiClient(kubeConfig),
  };
}

/** Whoever runs the tests asks afterwards whether the cluster was used at all: a skipped proof is none. */
function markUsed(): void {
  const file = process.env["TRELLIS_TEST_USED"];
  if (file) appendFileSync(file, "cluster\n");
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("asked for before the suite began, or where it is skipped");
  return value;
}
