import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { serveGitOverHttp } from "../../e2e/support/git-http-server";
import { makeGitRepository } from "../../e2e/support/git-repository";
import { ApiProxy } from "../hosts/kubernetes/testing/api-proxy";
import { describeCluster } from "../hosts/kubernetes/testing/cluster";
import { writeKubeconfig } from "../hosts/kubernetes/testing/kubeconfigs";
import { repositoryView, sessionView } from "../protocol/api";
import { leaseNumberAt } from "./hold-lease";
import { apiClient } from "./testing/api-client";
import { openTestGround, type TestGround } from "./testing/open-ground";
import { keepBackup, restore } from "./testing/restore";

const patience = { interval: 50 };
const password = "s3cret-of-the-forge";
type Api = Awaited<ReturnType<typeof apiClient>>;
type Viewer = ReturnType<Api["terminal"]>;

/** An address of this machine that pods reach. */
function addressForPods(): string {
  const address = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  if (!address) throw new Error("this machine has no address that pods could reach");
  return address.address;
}

describeCluster("the whole server on a cluster", (ground) => {
  let test: TestGround;
  let proxy: ApiProxy;
  let remote: ReturnType<typeof makeGitRepository>;
  let forge: Awaited<ReturnType<typeof serveGitOverHttp>>;
  beforeEach(async () => {
    test = await openTestGround();
    proxy = await ApiProxy.open(ground.admin.kubeConfig.getCurrentCluster()?.server ?? "");
    remote = makeGitRepository();
    forge = await serveGitOverHttp(remote, password, addressForPods());
  });
  afterEach(async () => {
    await test.close();
    await proxy.goAway();
    await forge.close();
    remote.remove();
  });

  async function start(storageClass: string | null = null) {
    const name = `compose-${randomBytes(4).toString("hex")}`;
    const kubeconfig = await writeKubeconfig(ground, name, { cluster: { server: proxy.url } });
    const { namespace, image: workspaceImage, trellisImage } = ground;
    const cluster = {
      kubeconfig,
      namespace,
      workspaceImage,
      trellisImage,
      imagePullSecrets: [],
      storageClass,
      storageSize: "128Mi",
    };
    const server = await test.start({ cluster });
    return { server, api: await apiClient(server.url, test.dataDir) };
  }

  async function addSession(api: Api) {
    const cloneUrl = forge.urlWith("ana", password);
    const added = await api.post("/api/repositories", { cloneUrl, host: "kubernetes", name: "Ledger" });
    expect(added).toMatchObject({ status: 201 });
    const made = await api.post("/api/sessions", { repositoryId: repositoryView.parse(added.body).id });
    expect(made).toMatchObject({ status: 201 });
    const { id } = sessionView.parse(made.body);
    await untilActive(api, id);
    const viewer = api.terminal(id);
    await attached(viewer);
    return { id, viewer };
  }

  /** Where the output of one that printed something, and is over, can be read. */
  async function endedSession(api: Api, repositoryId: string): Promise<string> {
    const { id } = sessionView.parse((await api.post("/api/sessions", { repositoryId })).body);
    await untilActive(api, id);
    const viewer = api.terminal(id);
    await attached(viewer);
    viewer.type("echo printed-$((40+2))\n");
    await says(viewer, "printed-42");
    await end(api, id);
    return `/api/sessions/${id}/terminals/${(await read(api, id)).terminals[0]?.id}/log?from=0&limit=65536`;
  }

  async function end(api: Api, id: string) {
    expect((await api.post(`/api/sessions/${id}/end`, {})).status).toBe(202);
    await vi.waitFor(async () => expect((await read(api, id)).phase).toBe("ended"), patience);
  }

  const attached = (viewer: Viewer) => vi.waitFor(() => expect(viewer.seen.epoch).not.toBe(""), patience);

  const read = async (api: Api, id: string) => sessionView.parse((await api.get(`/api/sessions/${id}`)).body);

  async function untilActive(api: Api, id: string) {
    await vi.waitFor(async () => {
      const { phase, phaseDetail, failure } = await read(api, id);
      expect([phase, failure?.reason ?? null, phase === "active" ? null : phaseDetail]).toEqual(["active", null, null]);
    }, patience);
  }

  const says = (viewer: Viewer, words: string | RegExp) =>
    vi.waitFor(() => expect(viewer.seen.text).toMatch(words), patience);

  const { imageTest } = ground;
  imageTest(
    "[I3] a session in a pod: made, typed in, and gone on with by the next server from the byte where it was",
    async () => {
      const first = await start();
      const { id, viewer } = await addSession(first.api);
      viewer.type("echo in=$(hostname) branch=$(git rev-parse --abbrev-ref HEAD) kept=$((40+2)); mark=here\n");
      await says(viewer, /in=trellis-ledger-[0-9a-f]{12}-0 branch=session\/.+ kept=42/);
      expect((await read(first.api, id)).podName).toMatch(/^trellis-ledger-[0-9a-f]{12}-0$/);
      await first.server.close();
      expect(await viewer.closed).toBe(1012);

      const { epoch, offset } = viewer.seen;
      const second = await start();
      const back = second.api.terminal(id, { epoch, offset });
      await vi.waitFor(() => expect(back.seen.epoch).toBe(epoch), patience);
      back.type("echo $mark-still\n");
      await says(back, "here-still");
      expect(back.seen.text).not.toContain("kept=42");

      back.type("git commit -q --allow-empty -m mine && git push -q origin HEAD && echo pushed-$?\n");
      await says(back, "pushed-0");
      expect(remote.git("log", "-1", "--format=%s %ae", (await read(second.api, id)).branch)).toMatch(/^mine .+@/);
      expect(test.errors).toEqual([]);
    },
    180_000,
  );

  imageTest(
    "a pod that is deleted comes back with the worktree and what was not pushed; its shell says that it ended",
    async () => {
      const { api } = await start();
      const { id, viewer } = await addSession(api);
      viewer.type(
        "echo work > work && git add work && git commit -q -m unpushed && echo dirty >> work && echo ready-$?\n",
      );
      await says(viewer, "ready-0");
      const { epoch } = viewer.seen;
      const pod = { namespace: ground.namespace, name: (await read(api, id)).podName ?? "" };
      const uidOf = async () => (await ground.admin.core.readNamespacedPod(pod)).metadata?.uid;
      const uid = await uidOf();
      await ground.admin.core.deleteNamespacedPod(pod);
      await vi.waitFor(() => expect(viewer.seen.frames).toContain("exit"), patience);
      await vi.waitFor(async () => expect(await uidOf()).not.toBe(uid), patience);
      const [terminal] = (await read(api, id)).terminals;
      // Refused while the pod is on its way.
      await vi.waitFor(async () => {
        const again = await api.post(`/api/sessions/${id}/terminals/${terminal?.id}/restart`, {});
        expect(again.status).toBeLessThan(300);
      }, patience);
      await untilActive(api, id);
      const fresh = api.terminal(id);
      await attached(fresh);
      expect(fresh.seen.epoch).not.toBe(epoch);
      fresh.type("git --no-pager log -1 --format=%s; git status --porcelain; cat work\n");
      await says(fresh, /unpushed\r\n M work\r\nwork\r\ndirty/);
    },
    180_000,
  );

  imageTest(
    "a pod that newer servers used obeys the server on a backup that was restored",
    async () => {
      const first = await start();
      const { id, viewer } = await addSession(first.api);
      viewer.type("mark=here; echo kept-$((40+2))\n");
      await says(viewer, "kept-42");
      const backup = await keepBackup(test);
      await first.server.close();
      for (let later = 0; later < 2; later += 1) {
        const { server, api } = await start();
        await untilActive(api, id);
        await server.close();
      }
      // Starts within one second count ahead of the clock, and the backup knows of none of them.
      const used = Number(await readFile(path.join(test.dataDir, "server-number"), "utf8"));
      await vi.waitFor(() => expect(leaseNumberAt(new Date())).toBeGreaterThan(used));
      await restore(test, backup);
      const { api } = await start();
      await untilActive(api, id);
      const back = api.terminal(id);
      await attached(back);
      back.type("echo $mark-still\n");
      await says(back, "here-still");
    },
    240_000,
  );

  imageTest(
    "a session whose pod never came up is ended without it, and its repository deleted",
    async () => {
      const { api } = await start("no-such-class");
      const cloneUrl = forge.urlWith("ana", password);
      const added = repositoryView.parse((await api.post("/api/repositories", { cloneUrl, host: "kubernetes" })).body);
      const { id } = sessionView.parse((await api.post("/api/sessions", { repositoryId: added.id })).body);
      await vi.waitFor(async () => expect((await read(api, id)).phaseDetail).toContain("no-such-class"), patience);
      await end(api, id);
      expect((await api.send("DELETE", `/api/repositories/${added.id}`)).status).toBeLessThan(300);
      await vi.waitFor(async () => expect((await api.get(`/api/repositories/${added.id}`)).status).toBe(404), patience);
    },
    180_000,
  );

  imageTest(
    "an API that is away for a while stops no terminal, and the local host goes on",
    async () => {
      const { api } = await start();
      const { id, viewer } = await addSession(api);
      viewer.type("for i in $(seq 1 400); do echo tick-$i; sleep 0.02; done\n");
      await says(viewer, "tick-20");
      await proxy.goAway();
      await vi.waitFor(async () => expect((await read(api, id)).phase).toBe("unreachable"), patience);
      const local = await api.post("/api/repositories", { cloneUrl: await test.makeOrigin() });
      expect(local.status).toBe(201);
      const made = await api.post("/api/sessions", { repositoryId: local.body.id });
      await untilActive(api, sessionView.parse(made.body).id);
      await proxy.comeBack();
      await says(viewer, /tick-400\r\n/);
      const ticks = [...viewer.seen.text.matchAll(/^tick-(\d+)\r$/gm)].map(([, number]) => Number(number));
      expect(ticks).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
      await untilActive(api, id);
    },
    180_000,
  );

  imageTest(
    "[I8] a pod rests once nothing runs and nobody looks, and comes back for who does, with its files and a new shell",
    async () => {
      const { api } = await start();
      const { id, viewer } = await addSession(api);
      const where = `/api/repositories/${(await read(api, id)).repositoryId}`;
      expect(await api.send("PATCH", where, { settings: { suspendAfterMinutes: 1 } })).toMatchObject({ status: 200 });
      viewer.type("echo work > work; echo kept-$((40+2))\n");
      await says(viewer, "kept-42");
      viewer.leave();
      const gone = await endedSession(api, (await read(api, id)).repositoryId);
      const resting = async () =>
        expect(repositoryView.parse((await api.get(where)).body).hostState.state).toBe("suspended");
      await vi.waitFor(resting, { ...patience, timeout: 240_000 });
      expect(await read(api, id)).toMatchObject({ phase: "active", phaseDetail: expect.stringContaining("rests") });
      // Of an ended session, on a pod that nobody else woke.
      await vi.waitFor(async () => expect((await api.get(gone)).body).toContain("printed-42"), patience);
      const back = api.terminal(id, { epoch: viewer.seen.epoch, offset: viewer.seen.offset });
      await says(back, /kept-42\r\n(.*\r\n)*.*The pod was taken down at .* This is a new shell/);
      expect(back.seen.epoch).not.toBe(viewer.seen.epoch);
      back.type("cat work; git status --porcelain\n");
      await says(back, /work\r\n\?\? work\r\n/);
      expect((await api.get("/api/notifications")).body.items).toMatchObject([{ kind: "session-ended" }]);
      expect(test.errors).toEqual([]);
    },
    360_000,
  );
});
