import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { samplePull } from "../../fakes/sample-pull";
import { type ServerEvent, serverEvent } from "../../protocol/events";
import { openGateway } from "../testing/open-gateway";
import { sampleReading, sampleRepository, sampleSession, sampleTerminal } from "../testing/sample-rows";

let server: Awaited<ReturnType<typeof openGateway>>;
beforeEach(async () => {
  server = await openGateway();
  server.rows.repositories.set("repo-1", sampleRepository());
  server.rows.sessions.set("session-1", sampleReading());
  server.rows.terminals.set("terminal-1", sampleTerminal());
});
afterEach(() => server.close());

/** A browser: every event is read by the protocol's schema. */
function browser(query = "") {
  const events: ServerEvent[] = [];
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/ws/events${query}`, {
    headers: { authorization: "Bearer token-1" },
  });
  socket.on("message", (data) => events.push(serverEvent.parse(JSON.parse(data.toString()))));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  return { socket, events, closed, types: () => events.map(({ type }) => type) };
}

const cursorOf = (event: ServerEvent | undefined) => (event && "cursor" in event ? event.cursor : "");

test("a snapshot comes first, then changes", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  expect(page.events[0]).toMatchObject({
    sessions: [{ id: "session-1", repositoryName: "engine", terminals: [{ id: "terminal-1" }] }],
    repositories: [{ id: "repo-1", activeSessions: 1 }],
    hosts: [{ kind: "local", state: "reachable" }],
    counts: { activeSessions: 1, byRepository: { "repo-1": 1 }, unreadNotifications: 0 },
  });
  server.rows.sessions.set("session-1", sampleReading({ phase: "ending" }));
  server.gateway.hub.session("session-1");
  await vi.waitFor(() => expect(page.events.at(-1)).toMatchObject({ type: "counts" }));
  expect(page.events[1]).toMatchObject({ type: "session", session: { phase: "ending" } });
});

test("many hints of one thing are one event, and hints of nothing none", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  for (let hint = 0; hint < 100; hint += 1) server.gateway.hub.session("session-1");
  server.gateway.hub.session("nothing");
  server.gateway.hub.repository("nothing");
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot", "session", "counts"]));
});

test("what is gone is taken back from who was told of it", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  server.rows.sessions.delete("session-1");
  server.rows.repositories.delete("repo-1");
  server.gateway.hub.session("session-1");
  server.gateway.hub.repository("repo-1");
  await vi.waitFor(() => expect(page.types()).toContain("counts"));
  expect(page.events).toMatchObject([
    { type: "snapshot" },
    { type: "repository-removed", repositoryId: "repo-1" },
    { type: "session-removed", sessionId: "session-1" },
    { type: "counts", counts: { activeSessions: 0 } },
  ]);
});

test("another's session is told to nobody else", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  server.rows.sessions.set("other", sampleReading({ session: sampleSession({ id: "other", userId: "user-2" }) }));
  server.gateway.hub.session("other");
  server.gateway.hub.session("session-1");
  await vi.waitFor(() => expect(page.types()).toContain("counts"));
  expect(JSON.stringify(page.events)).not.toContain('"other"');
});

test("who comes back with a cursor gets exactly what it missed, and with an unknown one a snapshot", async () => {
  const first = browser();
  await vi.waitFor(() => expect(first.types()).toEqual(["snapshot"]));
  const cursor = cursorOf(first.events[0]);
  first.socket.close();
  await first.closed;
  server.gateway.hub.session("session-1");
  const again = browser(`?after=${cursor}`);
  await vi.waitFor(() => expect(again.types()).toEqual(["session", "counts"]));
  const lost = browser("?after=another.7");
  await vi.waitFor(() => expect(lost.types()).toEqual(["snapshot"]));
});

test("a host that goes away is told, with all that is derived from it", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  server.rows.hostState = { kind: "unreachable", since: new Date(), reason: "the holder is away" };
  server.gateway.hub.host({ kind: "local" });
  await vi.waitFor(() => expect(page.types()).toContain("session"));
  expect(page.events.slice(1, 4)).toMatchObject([
    { type: "host", host: { state: "unreachable", reason: "the holder is away" } },
    { type: "repository", repository: { hostState: { state: "unreachable" } } },
    { type: "session" },
  ]);
});

test("a pod that changes is told with its repository and its sessions, and nothing else is", async () => {
  server.rows.repositories.set("repo-2", sampleRepository({ id: "repo-2", host: "kubernetes" }));
  const session = sampleSession({ id: "session-2", repositoryId: "repo-2", host: "kubernetes" });
  server.rows.sessions.set("session-2", sampleReading({ session }));
  const facts = { podName: "trellis-engine-0", pending: ["another image"] };
  server.rows.pods.set("repo-2", { state: { kind: "reachable", seenAt: new Date() }, facts });
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  const trouble = "there is no image debain:12";
  server.rows.pods.set("repo-2", {
    state: { kind: "starting", since: new Date(), detail: "waiting for the image", trouble },
    facts,
  });
  server.gateway.hub.host({ kind: "kubernetes", repositoryId: "repo-2" });
  await vi.waitFor(() => expect(page.types().slice(1)).toEqual(["repository", "session", "counts"]));
  expect(page.events.slice(1, 3)).toMatchObject([
    { repository: { id: "repo-2", hostState: { trouble, podName: "trellis-engine-0", pending: ["another image"] } } },
    { session: { id: "session-2", podName: "trellis-engine-0", hostState: { state: "starting", trouble } } },
  ]);
});

test("a notification is told once when it is made and once when it is read", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  const made = {
    id: "n1",
    userId: "user-1",
    sessionId: null,
    title: "t",
    body: "b",
    createdAt: new Date(),
    readAt: null,
  };
  server.rows.notifications.push({ ...made, kind: "session-failed" });
  server.gateway.hub.notification("user-1");
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot", "notification", "counts"]));
  await server.deps.notifications.markRead("user-1", null);
  server.gateway.hub.notification("user-1");
  await vi.waitFor(() => expect(page.types().slice(3)).toEqual(["notification", "counts"]));
});

test("a look that failed is looked at again", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  const { get } = server.deps.sessions;
  server.deps.sessions.get = () => {
    server.deps.sessions.get = get;
    return Promise.reject(new Error("the database is away"));
  };
  server.gateway.hub.session("session-1");
  await vi.waitFor(() => expect(page.types()).toContain("session"));
});

test("ping is answered, anything else closes with 4400", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  page.socket.send('{"type":"ping"}');
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot", "pong"]));
  page.socket.send("hello");
  expect(await page.closed).toBe(4400);
});

test("who reads nothing is closed with 1013 once a mebibyte piles up", async () => {
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  page.socket.pause();
  const title = "x".repeat(400_000);
  const channel = server.gateway.hub.channelOf(await server.deps.accounts.owner());
  const view = { type: "session-removed", sessionId: title } as const;
  // More than the buffers of the kernel take in one go.
  for (let event = 0; event < 40; event += 1) channel.push(view);
  page.socket.resume();
  expect(await page.closed).toBe(1013);
});

test("a pull request that is another than it was told is told by itself, before the session that has it", async () => {
  const rows = (number: number, title: string) => ({
    own: [{ pull: samplePull(number, { title }, { sessionId: "session-1" }), stack: null }],
    ...{ around: [], nudges: [], hints: [], status: { status: null, reason: null } },
  });
  server.rows.pulls.set("session-1", rows(7, "First"));
  const page = browser();
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot"]));
  server.gateway.hub.session("session-1");
  await vi.waitFor(() => expect(page.types()).toEqual(["snapshot", "session", "counts"]));
  server.rows.pulls.set("session-1", rows(7, "Second"));
  server.gateway.hub.session("session-1");
  await vi.waitFor(() => expect(page.types().slice(3)).toEqual(["pr", "session"]));
  expect(page.events[3]).toMatchObject({ sessionId: "session-1", pr: { number: 7, title: "Second" } });
});
