import { stat } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compose } from "./compose";
import { apiClient } from "./compose/testing/api-client";
import { openTestGround, type TestGround } from "./compose/testing/open-ground";
import { lossView, repositoryView, sessionView } from "./protocol/api";

let ground: TestGround;
beforeEach(async () => {
  ground = await openTestGround();
});
afterEach(() => ground.close());

const patience = { interval: 20 };
const reasonOf = (failing: Promise<unknown>) =>
  failing.then(
    () => "it started",
    (error: unknown) => String(error),
  );

const clusterAt = (kubeconfig: string) => ({
  ...{ kubeconfig, namespace: "trellis", workspaceImage: "image", trellisImage: "image", imagePullSecrets: [] },
  ...{ storageClass: null, storageSize: "1Gi" },
});

describe("the whole server", () => {
  test("a session from a clone URL to its end, over a restart of the server", async () => {
    const first = await ground.start();
    const api = await apiClient(first.url, ground.dataDir);
    const added = await api.post("/api/repositories", { cloneUrl: await ground.makeOrigin() });
    expect(added).toMatchObject({ status: 201 });
    const repository = repositoryView.parse(added.body);
    const made = await api.post("/api/sessions", { repositoryId: repository.id, title: "Engine" });
    expect(made.status).toBe(201);
    const { id, shortId } = sessionView.parse(made.body);
    const phase = async () => {
      const { body } = await api.get(`/api/sessions/${id}`);
      const view = sessionView.parse(body);
      return `${view.phase} ${view.failure?.reason ?? ""}`.trim();
    };
    await vi.waitFor(async () => expect(await phase()).toBe("active"), patience);

    const viewer = api.terminal(id);
    await vi.waitFor(() => expect(viewer.seen.epoch).not.toBe(""), patience);
    viewer.type("echo branch=$(git rev-parse --abbrev-ref HEAD) kept=$((40+2)); mark=here\n");
    await vi.waitFor(() => expect(viewer.seen.text).toMatch(/branch=session\/.+ kept=42/), patience);
    expect(viewer.seen.text).toContain(shortId);
    await first.close();
    expect(await viewer.closed).toBe(1012);

    const second = await ground.start();
    const again = await apiClient(second.url, ground.dataDir);
    const back = again.terminal(id, { epoch: viewer.seen.epoch, offset: viewer.seen.offset });
    await vi.waitFor(() => expect(back.seen.epoch).toBe(viewer.seen.epoch), patience);
    back.type("echo $mark-still\n");
    await vi.waitFor(() => expect(back.seen.text).toContain("here-still"), patience);
    expect(back.seen.text).not.toContain("kept=42");

    const look = async () => lossView.parse((await again.get(`/api/sessions/${id}/loss`)).body);
    const { token } = await look();
    expect((await again.post(`/api/sessions/${id}/end`, { keep: "nothing" })).status).toBe(400);
    back.type("echo x > new-file\n");
    await vi.waitFor(async () => expect((await look()).untracked).toMatchObject({ value: { count: 1 } }), patience);
    const refused = await again.post(`/api/sessions/${id}/end`, { keep: "nothing", token });
    expect([refused.status, refused.body.error.code]).toEqual([409, "loss-changed"]);
    expect(lossView.parse(refused.body.error.details).untracked).toMatchObject({ value: { count: 1 } });
    const ending = await again.post(`/api/sessions/${id}/end`, { keep: "rescue" });
    expect([ending.status, ending.body.phase]).toEqual([202, "ending"]);
    await vi.waitFor(async () => {
      const view = sessionView.parse((await again.get(`/api/sessions/${id}`)).body);
      expect(view).toMatchObject({ phase: "ended", failure: null, state: "ended" });
    }, patience);
    const ended = sessionView.parse((await again.get(`/api/sessions/${id}`)).body);
    expect(ended.rescueRefs.map(({ ref }) => ref)).toContain(`refs/trellis/rescue/${shortId}/worktree`);
    expect(await back.closed).toBe(4409);
    const [terminal] = ended.terminals;
    const log = await again.get(`/api/sessions/${id}/terminals/${terminal?.id}/log`);
    expect(log.body).toContain("here-still");
    expect((await again.post(`/api/sessions/${id}/end`, {})).status).toBe(200);
    expect(ground.errors).toEqual([]);
  });

  test("[I1] a cluster that is not there stops no start: it says so, and this machine goes on as a host", async () => {
    const server = await ground.start({ cluster: clusterAt(path.join(ground.place, "none")) });
    const api = await apiClient(server.url, ground.dataDir);
    const { body } = await api.get("/api/hosts");
    const [local, cluster] = body.items;
    expect([local.kind, local.state, cluster.kind, cluster.state]).toEqual([
      ...["local", "reachable", "kubernetes", "unreachable"],
    ]);
    expect(cluster.reason).toContain(path.join(ground.place, "none"));
    const added = await api.post("/api/repositories", { cloneUrl: await ground.makeOrigin() });
    expect(added).toMatchObject({ status: 201, body: { host: "local" } });
    const made = await api.post("/api/sessions", { repositoryId: added.body.id });
    const phase = async () => (await api.get(`/api/sessions/${made.body.id}`)).body.phase;
    await vi.waitFor(async () => expect(await phase()).toBe("active"), patience);
  });

  test("where this machine is no host, none but the cluster is offered", async () => {
    const cluster = clusterAt(path.join(ground.place, "none"));
    const server = await ground.start({ cluster, localHost: false });
    const api = await apiClient(server.url, ground.dataDir);
    const { body } = await api.get("/api/hosts");
    expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(["kubernetes"]);
    const cloneUrl = await ground.makeOrigin();
    const refused = await api.post("/api/repositories", { cloneUrl, host: "local" });
    expect([refused.status, refused.body.error?.code]).toEqual([422, "not-available"]);
  });

  test("what it writes is the owner's alone, and its sign-in link works once", async () => {
    const server = await ground.start();
    for (const file of [".", "server.json", "token", "secret-key", "trellis.db"])
      expect((await stat(path.join(ground.dataDir, file))).mode & 0o077).toBe(0);
    const [origin, token] = (await server.makeSignInLink()).split("/sign-in#");
    const signIn = () =>
      fetch(`${origin}/api/sign-in`, {
        method: "POST",
        body: JSON.stringify({ token }),
        headers: { "content-type": "application/json", origin: server.url },
      });
    const cookie = (await signIn()).headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await fetch(`${origin}/api/me`, { headers: { cookie } })).status).toBe(200);
    expect((await signIn()).status).toBe(401);
  });
});

describe("a start that cannot be", () => {
  test("a port in use is named, and all that was begun is drained before the store closes", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const reason = await reasonOf(ground.start({ port }));
    other.close();
    expect(reason).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(ground.happened).toEqual(["host closed", "store closed", "pages closed"]);
    expect(ground.errors).toEqual([]);
    const server = await ground.start();
    expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
  });

  test("a stop drains in the same order", async () => {
    const server = await ground.start();
    await server.close();
    await server.close();
    expect(ground.happened).toEqual(["host closed", "store closed", "pages closed"]);
    expect(ground.errors).toEqual([]);
  });

  test("a second server on the data directory is refused and told where the first is", async () => {
    const server = await ground.start();
    const reason = await reasonOf(ground.start());
    expect(reason).toContain(String(process.pid));
    expect(reason).toContain(server.url);
    expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
  });

  test("two at once: one gets the data directory, the other a refusal", async () => {
    const starts = await Promise.allSettled([ground.start(), ground.start(), ground.start()]);
    expect(starts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("a database that cannot be opened ends the start, and frees the data directory", async () => {
    expect(await reasonOf(ground.start({ databaseUrl: "file:/nowhere/at/all.db" }))).not.toBe("it started");
    await ground.start();
  });

  test("pages that cannot be opened end the start, also while other things are still being opened", async () => {
    const openPages = () => Promise.reject(new Error("the pages were never built"));
    const options = { ...ground.options, adapters: { ...ground.options.adapters, openPages } };
    expect(await reasonOf(compose(ground.config(), options))).toContain("never built");
    expect(ground.happened).toEqual(["host closed", "store closed"]);
  });

  test("a start that is given up half way is drained", async () => {
    const abort = new AbortController();
    const { adapters } = ground.options;
    const openLocalHost: typeof adapters.openLocalHost = async (options) => {
      const local = await adapters.openLocalHost(options);
      abort.abort(new Error("told to end"));
      return local;
    };
    const options = { ...ground.options, signal: abort.signal, adapters: { ...adapters, openLocalHost } };
    expect(await reasonOf(compose(ground.config(), options))).toContain("told to end");
    expect(ground.happened).toEqual(["host closed", "store closed", "pages closed"]);
  });
});

test("a server that loses its lease says that it must stop", async () => {
  const server = await ground.start();
  const store = await ground.options.adapters.openStore({
    url: ground.config().databaseUrl,
    secretKey: new Uint8Array(32),
    migrationsDir: path.join(ground.options.root, "prisma", "migrations"),
    log: ground.options.log,
  });
  const stolen = { name: "server", owner: "thief", ttlMs: 60_000, now: new Date(), force: true, atLeast: 1 };
  await store.leases.take(stolen);
  await store.close();
  expect(await server.mustStop).toContain("another server");
});
