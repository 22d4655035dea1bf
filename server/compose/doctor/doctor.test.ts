import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readConfig } from "../../config";
import { namespaceRights } from "../../hosts/kubernetes/cluster/rights";
import { describeCluster } from "../../hosts/kubernetes/testing/cluster";
import { makeAccount, writeKubeconfig } from "../../hosts/kubernetes/testing/kubeconfigs";
import { socketPath } from "../../hosts/local/socket-path";
import { quietLog } from "../../hosts/testing/link-fixture";
import { doctor } from "./doctor";

let dataDir = "";
const environment = { PATH: process.env["PATH"] ?? "" };
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "trellis-doctor-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function examine(settings: Record<string, string> = {}, env: Record<string, string> = environment) {
  const reading = readConfig({ TRELLIS_DATA_DIR: dataDir, ...settings });
  if (!reading.ok) throw new Error(reading.problems.join());
  return doctor(reading.config, { environment: env, log: quietLog });
}

test("a machine where nothing is wrong is well, and nothing was made on it", async () => {
  const { text, isWell } = await examine({ TRELLIS_DATA_DIR: path.join(dataDir, "none-yet") });
  expect(isWell).toBe(true);
  expect(text).toMatch(/^well {2}data directory {2}.*none-yet, which the first start makes, [\d.]+ GiB free$/m);
  expect(text).toMatch(/^well {2}server +none runs on this data directory$/m);
  expect(text).toMatch(/^well {2}database +SQLite in .*trellis\.db, which the first start makes$/m);
  expect(text).toMatch(/^well {2}local host +no holder runs: the server starts one$/m);
  expect(text).toMatch(/^well {2}git +git version \d/m);
  expect(text).toMatch(/^note {2}cluster +none: set KUBECONFIG/m);
  expect(text).toMatch(/\nNothing to mend\.\n$/);
  expect(await readdir(dataDir)).toEqual([]);
});

test("each thing that is wrong is told in its own words, not only the first", async () => {
  await writeFile(
    path.join(dataDir, "trellis.db"),
    "this was never a database, and is long enough to look like one".repeat(9),
  );
  const settings = { KUBECONFIG: path.join(dataDir, "no-kubeconfig") };
  const { text, isWell } = await examine(settings, { PATH: dataDir });
  expect(isWell).toBe(false);
  expect(text).toMatch(/^mend {2}database +the database .* is damaged/m);
  expect(text).toMatch(/^mend {2}git +git is not installed/m);
  expect(text).toMatch(/^mend {2}cluster +there is no kubeconfig at /m);
  expect(text).toMatch(/\nTo mend: 3\.\n$/);
});

test("a data directory that cannot be written is told, unless this user may write everywhere", async () => {
  const locked = path.join(dataDir, "locked");
  await mkdir(locked);
  await chmod(locked, 0o500);
  const { text } = await examine({ TRELLIS_DATA_DIR: locked });
  expect(text).toMatch(
    process.getuid?.() === 0 ? /^well {2}data directory/m : /^mend {2}data directory .* cannot be used/m,
  );
});

test("a holder that listens is told, and a PostgreSQL that does not answer without its password", async () => {
  const socket = socketPath(dataDir, { runtimeDir: null, tempDir: tmpdir(), uid: userInfo().uid });
  await mkdir(path.dirname(socket), { recursive: true });
  const holder = createServer();
  await new Promise<void>((resolve) => void holder.listen(socket, resolve));
  const { text } = await examine({ DATABASE_URL: "postgresql://me:secret-word@127.0.0.1:1/trellis" });
  expect(text).toContain(`a holder listens at ${socket}`);
  expect(text).toMatch(/^mend {2}database +PostgreSQL at 127\.0\.0\.1:1 cannot be reached/m);
  expect(text).not.toContain("secret-word");
  await new Promise((resolve) => holder.close(resolve));
});

describeCluster("the doctor at a cluster", (ground) => {
  const at = (kubeconfig: string, more: Record<string, string> = {}) =>
    examine({ KUBECONFIG: kubeconfig, TRELLIS_NAMESPACE: ground.namespace, ...more });

  test("all is well for an administrator; a storage class that is not there is to be mended", async () => {
    const well = await at(ground.kubeconfig);
    expect(well.text).toMatch(/^well {2}cluster +Kubernetes v1\.\d+\S* at https:\S+, namespace trellis-test-\w+$/m);
    expect(well.text).toMatch(/^well {2}rights +all that are needed$/m);
    expect(well.text).toMatch(/^well {2}storage +20Gi of \S+ for each repository$/m);
    expect(well.isWell).toBe(true);
    const wrong = await at(ground.kubeconfig, { TRELLIS_STORAGE_CLASS: "no-such-class" });
    expect(wrong.text).toMatch(/^mend {2}storage +there is no class no-such-class: set TRELLIS_STORAGE_CLASS/m);
    expect(wrong.isWell).toBe(false);
  });

  test("an image that no node has is a note", async () => {
    const images = {
      TRELLIS_WORKSPACE_IMAGE: "localhost/no-such-image:1",
      TRELLIS_IMAGE: "localhost/no-such-server:1",
    };
    const { text, isWell } = await at(ground.kubeconfig, images);
    expect(text).toMatch(/^note {2}workspace image +localhost\/no-such-image:1: no node tells of it/m);
    expect(text).toMatch(
      /^note {2}server image +localhost\/no-such-server:1: no node tells of it; only images of your/m,
    );
    expect(isWell).toBe(true);
  });

  ground.imageTest("an image that a node has is well", async () => {
    const images = { TRELLIS_WORKSPACE_IMAGE: ground.image, TRELLIS_IMAGE: ground.image };
    // A node tells of what it was given a while after.
    await vi.waitFor(async () => {
      const { text } = await at(ground.kubeconfig, images);
      for (const name of ["workspace image", "server image"])
        expect(text).toMatch(new RegExp(`^well {2}${name} +\\S+, on \\d+ of \\d+ nodes$`, "m"));
    });
  });

  ground.imageTest(
    "what memory running out takes with it is told by a repo pod that runs, and not known before",
    async () => {
      expect((await at(ground.kubeconfig)).text).toMatch(/^note {2}out of memory +not known until a repo pod runs/m);
      const labels = { "app.kubernetes.io/name": "trellis-repo-pod", "app.kubernetes.io/managed-by": "trellis" };
      const container = { name: "workspace", image: ground.image, command: ["sleep", "infinity"] };
      await ground.admin.core.createNamespacedPod({
        namespace: ground.namespace,
        body: {
          metadata: { name: "asked", labels },
          spec: { terminationGracePeriodSeconds: 0, containers: [container] },
        },
      });
      await vi.waitFor(async () => {
        const { text, isWell } = await at(ground.kubeconfig);
        expect(text).toMatch(
          /^note {2}out of memory +(takes the whole container|ends the one process).*, as asked tells$/m,
        );
        expect(isWell).toBe(true);
      });
    },
  );

  test("a missing right is to be mended with its rule; what an account may not see of the cluster is a note", async () => {
    const token = await makeAccount(ground, "doctor", namespaceRights.slice(1));
    const { text, isWell } = await at(await writeKubeconfig(ground, "doctor", { user: { token } }));
    expect(isWell).toBe(false);
    expect(text).toMatch(
      /^mend {2}rights +add to the Role:\n +- apiGroups: \["apps"\]\n +resources: \["statefulsets"\]/m,
    );
    expect(text).toMatch(/^note {2}nodes +not known, and not needed/m);
    expect(text).toMatch(/^note {2}storage +20Gi of the cluster's default class/m);
  });
});
