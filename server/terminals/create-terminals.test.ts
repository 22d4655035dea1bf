import { afterEach, expect, test, vi } from "vitest";
import { AppError } from "../domain/app-error";
import { openRoom } from "./testing/open-room";
import type { TestViewer } from "./testing/test-viewer";

let open: { close(): Promise<void>; errors: unknown[] }[] = [];
const room = (...options: Parameters<typeof openRoom>) => {
  const opened = openRoom(...options);
  open.push(opened);
  return opened;
};
afterEach(async () => {
  for (const each of open) {
    await each.close();
    expect(each.errors).toEqual([]);
  }
  open = [];
});

test("a viewer is attached, types, and sees what the program prints", async () => {
  const { first, view, ptys } = room();
  const id = await first();
  const viewer = await view();
  await vi.waitFor(() =>
    expect(viewer.attached).toMatchObject({ offset: 0, replay: "log", role: "driver", inputOffset: null }),
  );
  viewer.type("ls\n");
  await vi.waitFor(() => expect(viewer.text()).toBe("ls\n"));
  ptys.emit(id, "files\n");
  expect(viewer.text()).toBe("ls\nfiles\n");
  expect(viewer.kinds()).toContain("input-ack");
  expect(viewer.faults).toEqual([]);
});

test("a viewer that dropped goes on at its byte, with nothing cleared", async () => {
  const { first, view, attach, ptys } = room();
  const id = await first();
  const viewer = await view();
  await vi.waitFor(() => expect(viewer.attached).not.toBeNull());
  ptys.emit(id, "before ");
  viewer.drop();
  ptys.emit(id, "meanwhile ");
  await attach(viewer);
  await vi.waitFor(() => expect(viewer.attached).toMatchObject({ offset: 7, replay: "resume", role: "driver" }));
  ptys.emit(id, "after");
  await vi.waitFor(() => expect(viewer.text()).toBe("before meanwhile after"));
  expect(viewer.faults).toEqual([]);
});

const attached = (viewer: TestViewer) => vi.waitFor(() => expect(viewer.attached).not.toBeNull());
const lastOf = (viewer: TestViewer, kind: string) => viewer.messages.findLast((message) => message.kind === kind);

test("one drives: another's input is acknowledged and thrown away, and taking over is told to both at once", async () => {
  const { first, view, ptys } = room();
  const id = await first();
  const [a, b] = [await view({ cols: 100, rows: 30 }), await view({ cols: 90, rows: 40 })];
  await attached(a);
  await attached(b);
  await vi.waitFor(async () => expect(await ptys.find(id)).toMatchObject({ cols: 100, rows: 30 }));
  expect([a.role, b.role]).toEqual(["driver", "viewer"]);
  b.viewer?.resize(91, 41);
  b.type("ignored");
  expect(lastOf(b, "error")).toMatchObject({ code: "not-driver" });
  expect(b.unacknowledged).toBe(0);
  b.viewer?.request("take");
  expect([a.role, b.role]).toEqual(["viewer", "driver"]);
  expect(lastOf(a, "presence")).toEqual({ kind: "presence", viewers: 2, driver: true });
  expect(await ptys.find(id)).toMatchObject({ cols: 91, rows: 41 });
  b.type("typed");
  await vi.waitFor(() => expect(b.unacknowledged).toBe(0));
  expect(ptys.typed(id)).toBe("typed");
  b.viewer?.request("release");
  expect(lastOf(a, "presence")).toEqual({ kind: "presence", viewers: 2, driver: false });
});

test("the driver's place is kept 30 s, then who types alone has it", async () => {
  const { first, view, clock, ptys } = room();
  const id = await first();
  const a = await view();
  await attached(a);
  a.drop();
  const b = await view();
  await attached(b);
  b.type("x");
  expect(b.role).toBe("viewer");
  clock.aheadMs = 31_000;
  b.type("y");
  await vi.waitFor(() => expect(ptys.typed(id)).toBe("y"));
  expect(b.role).toBe("driver");
  expect(b.faults).toEqual([]);
});

test("input thrown away leaves no hole for the holder, also over a server that was killed", async () => {
  const opened = room();
  const { first, view, ptys } = opened;
  const id = await first();
  const [a, b] = [await view({ mode: "view" }), await view()];
  await attached(a);
  await attached(b);
  for (const text of ["one", "two", "three"]) {
    a.type("thrown");
    a.viewer?.request("take");
    a.type(text);
    await vi.waitFor(() => expect(a.unacknowledged).toBe(0));
    b.viewer?.request("take");
  }
  a.drop();
  b.drop();
  opened.restartServer();
  await opened.attach(a);
  await vi.waitFor(() => expect(a.attached).toMatchObject({ inputOffset: 29, replay: "resume" }));
  a.viewer?.request("take");
  a.type("four");
  await vi.waitFor(() => expect(ptys.typed(id)).toBe("onetwothreefour"));
});

test("starting again is a new epoch for all who look, and what was typed for the old program is not for the new one", async () => {
  const { first, view, room: terminals, sessionId, ptys } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  viewer.type("old");
  await vi.waitFor(() => expect(viewer.text()).toBe("old"));
  const { epoch } = viewer.attached ?? {};
  await terminals.restart(sessionId, id);
  await vi.waitFor(() => expect(viewer.attached?.epoch).not.toBe(epoch));
  expect(viewer.exit).toBeNull();
  viewer.viewer?.input(3, Buffer.from("crossed"));
  viewer.viewer?.ack(3);
  viewer.type("new");
  await vi.waitFor(() => expect(viewer.text()).toBe("new"));
  expect(ptys.typed(id)).toBe("new");
  expect((await terminals.get(sessionId, id)).state).toBe("running");
  expect(viewer.closed).toBeNull();
});

test("an exit is stored, told after all output, and again on every attach; a bad end is told to a person", async () => {
  const { first, view, ended, room: terminals, sessionId, ptys } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  ptys.emit(id, "last words");
  ptys.exit(id, { code: 3, signal: null, reason: "exited" });
  await vi.waitFor(() => expect(ended).toHaveLength(1));
  expect(viewer.exit).toMatchObject({ offset: 10, exit: { code: 3, signal: null, reason: "exited" } });
  const later = await view();
  await vi.waitFor(() => expect(later.exit).toMatchObject({ offset: 10 }));
  expect(later.text()).toBe("last words");
  const reading = await terminals.get(sessionId, id);
  expect(reading).toMatchObject({ state: "exited", terminal: { exit: { code: 3, reason: "exited", offset: 10 } } });
  later.type("nobody reads this");
  expect(lastOf(later, "error")).toMatchObject({ code: "not-driver" });
  viewer.type("nor this");
  expect(lastOf(viewer, "error")).toMatchObject({ code: "not-running" });
  expect(viewer.unacknowledged).toBe(0);
});

test("[I1] a host that is away says nothing about its programs: viewers wait, and go on by themselves", async () => {
  const { first, view, room: terminals, sessionId, ptys } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  ptys.drop("the cable is out");
  expect(lastOf(viewer, "state")).toMatchObject({ state: "waiting", reason: "The host is away: the cable is out" });
  expect((await terminals.get(sessionId, id)).state).toBe("unknown");
  viewer.type("held");
  const late = await view();
  expect(lastOf(late, "state")).toMatchObject({ state: "waiting" });
  ptys.restore();
  await vi.waitFor(() => expect(viewer.text()).toBe("held"));
  await attached(late);
  expect(lastOf(viewer, "state")).toMatchObject({ state: "here", reason: null });
  expect((await terminals.get(sessionId, id)).state).toBe("running");
  expect(viewer.faults).toEqual([]);
});

test("[I3] a server that was killed looks at what runs, and marks what ended or was lost meanwhile", async () => {
  const opened = room();
  const { first, room: terminals, sessionId, ptys, ended } = opened;
  const ids = [await first()];
  for (let each = 0; each < 2; each += 1) ids.push((await terminals.open(sessionId, {})).terminal.id);
  const [runs = "", exits = "", lost = ""] = ids;
  opened.restartServer();
  ptys.emit(exits, "four");
  ptys.exit(exits, { code: 0, signal: null, reason: "exited" });
  ptys.lose(lost, "the holder was killed");
  await opened.room.start();
  const state = async (id: string) => (await opened.room.get(sessionId, id)).state;
  await vi.waitFor(async () =>
    expect(await Promise.all([runs, exits, lost].map(state))).toEqual(["running", "exited", "exited"]),
  );
  expect(ended.map(({ id, exit }) => [id, exit?.reason])).toEqual([[lost, "lost"]]);
  const viewer = await opened.view({ epoch: "epoch-3", offset: 0 }, lost);
  await vi.waitFor(() => expect(viewer.exit?.exit.reason).toBe("lost"));
  await opened.room.restart(sessionId, lost);
  await vi.waitFor(() => expect(viewer.exit).toBeNull());
  expect(await state(lost)).toBe("running");
});

test("[I6] a viewer that does not read costs a bounded amount, and others nothing", async () => {
  const { first, view, ptys, room: terminals } = room();
  const id = await first();
  const [fast, slow] = [await view(), await view({ slow: true, manualAck: true })];
  await attached(fast);
  const piece = Buffer.alloc(16 * 1024, "x");
  for (let each = 0; each < 1_000; each += 1) ptys.emit(id, piece);
  expect(fast.offset).toBe(1_000 * piece.length);
  expect(slow.largest).toBeLessThan(192 * 1024);
  expect(terminals.figures().ringBytes).toBeLessThanOrEqual(1024 * 1024 + 16 * 1024);
  ptys.overflow(id, 100_000);
  await vi.waitFor(() => {
    slow.deliver(1_000);
    slow.ack();
    expect(slow.offset).toBe(fast.offset);
  });
  expect(slow.snapshots).toBe(1);
  expect(slow.gaps).toHaveLength(1);
  expect(slow.faults).toEqual([]);
});

test("hidden stops output, visible goes on from the same byte", async () => {
  const { first, view, ptys } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  ptys.emit(id, "seen ");
  viewer.viewer?.request("hidden");
  ptys.emit(id, "unseen ");
  expect(viewer.text()).toBe("seen ");
  viewer.viewer?.request("visible");
  ptys.emit(id, "again");
  await vi.waitFor(() => expect(viewer.text()).toBe("seen unseen again"));
  expect(viewer.attached).toMatchObject({ replay: "resume", headOffset: 12 });
  expect(viewer.faults).toEqual([]);
});

test("who comes before the session has a terminal is kept waiting for it", async () => {
  const { first, view } = room();
  const viewer = await view();
  expect(lastOf(viewer, "state")).toMatchObject({ state: "waiting" });
  await first();
  await vi.waitFor(() => expect(viewer.attached).toMatchObject({ role: "driver" }));
});

test("the program's title shows until a person gives one", async () => {
  const { first, view, ptys, room: terminals, sessionId } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  ptys.event(id, { kind: "title", title: "vim" });
  expect(lastOf(viewer, "title")).toEqual({ kind: "title", title: "vim" });
  const title = async () => (await terminals.get(sessionId, id)).title;
  await vi.waitFor(async () => expect(await title()).toBe("vim"));
  await terminals.rename(sessionId, id, "mine");
  expect(await title()).toBe("mine");
  await terminals.rename(sessionId, id, null);
  expect(await title()).toBe("vim");
});

test("a closed terminal is ended, its log is gone, and it is not listed; the last one may be closed", async () => {
  const { first, view, ptys, room: terminals, sessionId } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  await terminals.close(sessionId, id);
  expect(viewer.closed).toBe("closed");
  expect(await ptys.find(id)).toBeNull();
  expect(await terminals.list(sessionId)).toEqual([]);
  await expect(view({}, id)).rejects.toMatchObject({ code: "not-found" });
  await expect(view()).rejects.toMatchObject({ code: "not-found" });
  await first().catch(() => {});
  expect(await terminals.list(sessionId)).toEqual([]);
});

test("the end of a session is told to viewers, and its logs stay readable", async () => {
  const { first, view, ptys, room: terminals, sessionId } = room();
  const id = await first();
  const viewer = await view();
  await attached(viewer);
  ptys.emit(id, "what was done");
  await terminals.closeAll(sessionId);
  await terminals.closeAll(sessionId);
  expect(viewer.closed).toBe("session-ended");
  expect(await terminals.list(sessionId)).toMatchObject([{ state: "closed" }]);
  const { bytes, offset, headOffset } = await terminals.log(sessionId, id, 5, 3);
  expect([Buffer.from(bytes).toString(), offset, headOffset]).toEqual(["was", 5, 13]);
});

test("the log from a byte that is no longer kept moves up to the tail", async () => {
  const { first, ptys, room: terminals, sessionId } = room();
  const id = await first();
  ptys.emit(id, "0123456789");
  ptys.overflow(id, 4);
  const { bytes, offset } = await terminals.log(sessionId, id, 0, 100);
  expect([Buffer.from(bytes).toString(), offset]).toEqual(["6789", 6]);
  expect((await terminals.log(sessionId, id, 50, 100)).bytes).toHaveLength(0);
});

test("a session has at most 50 terminals", async () => {
  const { first, room: terminals, sessionId } = room();
  await first();
  for (let each = 1; each < 50; each += 1) await terminals.open(sessionId, {});
  await expect(terminals.open(sessionId, {})).rejects.toMatchObject({ code: "refused" });
  expect(await terminals.list(sessionId)).toHaveLength(50);
});

test("a setup script runs once per attempt, whatever is repeated, and gives its end", async () => {
  const opened = room();
  const { sessionId, ptys } = opened;
  const setup = { script: "make", cwd: "/worktree", env: { A: "b" } };
  const ensure = (attempt: number) => opened.room.ensureSetup(sessionId, { ...setup, attempt });
  expect(await ensure(1)).toEqual({ state: "running" });
  expect(await ensure(1)).toEqual({ state: "running" });
  const [row] = await opened.store.listBySession(sessionId);
  ptys.emit(`${row?.id}.1`, "\u001b[31mmade\u001b[0m 10%\rmade 20%\r\n");
  ptys.exit(`${row?.id}.1`, { code: 2, signal: null, reason: "exited" });
  opened.restartServer();
  const over = { state: "over", exit: { code: 2, signal: null, reason: "exited" }, tail: "made 20%\n" };
  expect(await ensure(1)).toEqual(over);
  expect(await ensure(2)).toEqual({ state: "running" });
  expect(await opened.room.list(sessionId)).toEqual([]);
  const shown = (await opened.room.listMany([sessionId])).get(sessionId);
  expect(shown?.map(({ terminal }) => [terminal.id, terminal.kind])).toEqual([[row?.id, "setup"]]);
  expect(opened.ended).toEqual([]);
});

test("a viewer of the setup script only looks on", async () => {
  const { room: terminals, sessionId, store, view } = room();
  await terminals.ensureSetup(sessionId, { script: "make", cwd: "/worktree", env: {}, attempt: 1 });
  const [row] = await store.listBySession(sessionId);
  const viewer = await view({ mode: "drive" }, row?.id ?? "");
  await attached(viewer);
  viewer.type("x");
  viewer.viewer?.request("take");
  expect(viewer.role).toBe("viewer");
});

test("what cannot be started is refused with its reason, and leaves nothing behind", async () => {
  const { ptys, room: terminals, sessionId } = room();
  ptys.open = async () => {
    throw new AppError("refused", "/bin/nosuch: no such file");
  };
  await expect(terminals.open(sessionId, { command: ["/bin/nosuch"] })).rejects.toThrow("/bin/nosuch");
  expect(await terminals.list(sessionId)).toEqual([]);
});

test("the first terminal is made once, also when its maker was killed between", async () => {
  const opened = room();
  const { sessionId, store } = opened;
  await Promise.all([1, 2].map(() => opened.room.ensureFirst(sessionId, "/worktree")));
  opened.restartServer();
  await opened.room.ensureFirst(sessionId, "/worktree");
  expect(await store.listBySession(sessionId)).toMatchObject([{ position: 0, epoch: "epoch-1", exit: null }]);
});

test("tells the addresses of pull requests that a program prints, with nobody looking, at the width that it has", async () => {
  const { first, ptys, sessionId, urls, view } = room();
  const id = await first();
  await vi.waitFor(async () => expect(await ptys.find(id)).not.toBeNull());
  ptys.emit(id, "https://forge.example/team/");
  ptys.emit(id, "\x1b[1mapp/pull/12\x1b[0m\r\n");
  await vi.waitFor(() => expect(urls).toEqual([`${sessionId} https://forge.example/team/app/pull/12`]));
  const viewer = await view({ cols: 30, rows: 10 });
  await vi.waitFor(async () => expect(await ptys.find(id)).toMatchObject({ cols: 30 }));
  ptys.emit(id, "https://forge.example/team/app\r\n/pull/34\r\n");
  await vi.waitFor(() => expect(urls.slice(1)).toEqual([`${sessionId} https://forge.example/team/app/pull/34`]));
  expect(viewer.faults).toEqual([]);
});
