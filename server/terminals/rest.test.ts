import { afterEach, expect, test, vi } from "vitest";
import { AppError } from "../domain/app-error";
import { openRoom } from "./testing/open-room";

const opened: ReturnType<typeof openRoom>[] = [];
function room() {
  const fixture = openRoom();
  opened.push(fixture);
  return fixture;
}
afterEach(async () => {
  for (const fixture of opened.splice(0)) {
    await fixture.close();
    expect(fixture.errors).toEqual([]);
  }
});

const nothingRuns: ReadonlySet<string> = new Set();
const notice = /The pod was taken down at \d{4}-\d\d-\d\d \d\d:\d\d UTC and is up again\. This is a new shell/;

/** As a pod goes: its holder ends what runs, and is gone. */
function goDown({ ptys }: ReturnType<typeof openRoom>, ids: string[]): void {
  for (const id of ids) ptys.exit(id, { code: null, signal: "SIGHUP", reason: "exited" });
  ptys.drop("the pod rests");
}

test("a shell that was put to rest is a new one once the pod is back, with what stood there before and why it is new", async () => {
  const fixture = room();
  const { ptys, sessionId, session, ended } = fixture;
  const id = await fixture.first();
  ptys.emit(id, "$ ls\r\n\u001b[31mwork.txt\u001b[0m\r\n$ ");
  const viewer = await fixture.view();
  await fixture.room.rest(sessionId, nothingRuns);
  goDown(fixture, [id]);
  ptys.restore();
  await vi.waitFor(() => expect(viewer.text()).toMatch(notice));
  expect(viewer.text().startsWith("$ ls\r\nwork.txt\r\n$\r\n")).toBe(true);
  expect(viewer.text().endsWith("\r\n")).toBe(true);
  expect(viewer.attached?.epoch).toBe("epoch-2");
  expect(await fixture.store.get(id)).toMatchObject({ epoch: "epoch-2", exit: null, restedAt: null });
  expect(await ptys.find(id)).toMatchObject({ cwd: session.cwd, exit: null });
  expect([ended, viewer.faults]).toEqual([[], []]);
});

test("it is also where the pod's volume knows nothing of it, and where another server put it to rest", async () => {
  const fixture = room();
  const { ptys, sessionId } = fixture;
  const id = await fixture.first();
  await fixture.room.rest(sessionId, nothingRuns);
  ptys.drop("the pod rests");
  fixture.restartServer();
  await fixture.room.start();
  expect((await fixture.room.get(sessionId, id)).state).not.toBe("exited");
  ptys.lose(id, "the holder is another");
  ptys.restore();
  await vi.waitFor(async () => expect(await fixture.store.get(id)).toMatchObject({ epoch: "epoch-2", restedAt: null }));
  const viewer = await fixture.view();
  await vi.waitFor(() => expect(viewer.text().replaceAll("\u001b", "")).toMatch(/^\[2mThe pod was taken down/));
});

test("[I8] what ran when its pod went is not started again: it is said at which byte it ended", async () => {
  const fixture = room();
  const { ptys, sessionId, ended } = fixture;
  const [shell, busy] = [await fixture.first(), (await fixture.room.open(sessionId, {})).terminal.id];
  ptys.emit(busy, "building");
  const viewer = await fixture.view({}, busy);
  await fixture.room.rest(sessionId, new Set([busy]));
  ptys.drop("the pod is gone");
  ptys.lose(busy, "the pod is another");
  ptys.restore();
  await vi.waitFor(() => expect(viewer.exit).toMatchObject({ offset: 8, exit: { reason: "lost" } }));
  expect((await fixture.store.get(busy))?.exit).toMatchObject({ reason: "lost", offset: 8 });
  expect(ended.map(({ id }) => id)).toEqual([busy]);
  await fixture.room.restart(sessionId, busy);
  await vi.waitFor(() => expect(viewer.attached?.epoch).toBe("epoch-3"));
  expect((await fixture.store.get(shell))?.exit).toBeNull();
});

test("[I3] what a new holder says of a program that ended while no server was there is told as it says it", async () => {
  const fixture = room();
  const { ptys, sessionId } = fixture;
  const id = await fixture.first();
  ptys.emit(id, "one");
  ptys.drop("the pod is gone");
  fixture.restartServer();
  ptys.emit(id, " and two more");
  ptys.exit(id, { code: null, signal: null, reason: "lost" });
  ptys.restore();
  await fixture.room.start();
  await vi.waitFor(async () =>
    expect((await fixture.room.get(sessionId, id)).terminal.exit).toMatchObject({ reason: "lost", offset: 16 }),
  );
  const viewer = await fixture.view({ epoch: "epoch-1", offset: 3 });
  await vi.waitFor(() => expect(viewer.exit).toMatchObject({ offset: 16 }));
  expect([viewer.text(), viewer.faults]).toEqual([" and two more", []]);
});

test("a shell goes on as it was where its pod was not put to rest after all, told or not", async () => {
  const fixture = room();
  const { ptys, sessionId } = fixture;
  const id = await fixture.first();
  const mark = async () => (await fixture.store.get(id))?.restedAt;
  await fixture.room.rest(sessionId, nothingRuns);
  expect(await mark()).toEqual(expect.any(Date));
  await fixture.room.goOn(sessionId);
  await vi.waitFor(async () => expect(await mark()).toBeNull());
  await fixture.room.rest(sessionId, nothingRuns);
  fixture.restartServer(); // killed in between
  await fixture.room.start();
  await vi.waitFor(async () => expect(await mark()).toBeNull());
  ptys.exit(id, { code: 1, signal: null, reason: "exited" });
  await vi.waitFor(async () => expect((await fixture.store.get(id))?.exit).toMatchObject({ code: 1 }));
});

test("no shell is started in a pod that is on its way down, whoever looks", async () => {
  const fixture = room();
  const { ptys, sessionId } = fixture;
  const id = await fixture.first();
  await fixture.room.rest(sessionId, nothingRuns);
  ptys.exit(id, { code: null, signal: "SIGHUP", reason: "exited" });
  fixture.room.figures();
  const viewer = await fixture.view();
  ptys.lose(id, "the holder ends");
  await vi.waitFor(() => expect(viewer.kinds()).toContain("state"));
  expect(await ptys.find(id)).toBeNull();
  ptys.drop("the pod rests");
  ptys.restore();
  await vi.waitFor(() => expect(viewer.text()).toMatch(notice));
});

test("whoever opens, attaches to or starts a terminal wants its session; listing them does not", async () => {
  const fixture = room();
  const { sessionId, wanted } = fixture;
  const id = await fixture.first();
  await fixture.room.list(sessionId);
  expect(wanted).toEqual([]);
  await fixture.view();
  await fixture.room.open(sessionId, {});
  await fixture.room.restart(sessionId, id);
  expect(wanted).toEqual([sessionId, sessionId, sessionId]);
});

test("what a terminal printed is read from a host that rests once it is up, also when its session has ended", async () => {
  const fixture = room();
  const { sessionId, session, ptys, awoken } = fixture;
  const id = await fixture.first();
  ptys.emit(id, "printed");
  await fixture.room.closeAll(sessionId);
  session.ended = true;
  ptys.drop("the pod rests");
  fixture.wake = async () => ptys.restore();
  const { bytes } = await fixture.room.log(sessionId, id, 0, 100);
  expect([Buffer.from(bytes).toString(), awoken]).toEqual(["printed", [sessionId]]);
});

test("a terminal on a host that rests is closed once that is up; where it takes long, the person is told so", async () => {
  const fixture = room();
  const { sessionId, ptys, awoken } = fixture;
  const id = await fixture.first();
  ptys.drop("the pod rests");
  fixture.wake = () => Promise.reject(new AppError("unavailable", "The pod is being woken."));
  await expect(fixture.room.close(sessionId, id)).rejects.toThrow("being woken");
  await expect(fixture.room.log(sessionId, id, 0, 100)).rejects.toThrow("being woken");
  fixture.wake = async () => ptys.restore();
  await fixture.room.close(sessionId, id);
  expect(await fixture.room.list(sessionId)).toEqual([]);
  expect(awoken).toEqual([sessionId, sessionId, sessionId]);
});

test("viewers of a session are counted, those that wait for its first terminal too", async () => {
  const fixture = room();
  const { sessionId } = fixture;
  const early = await fixture.view();
  expect(fixture.room.viewers(sessionId)).toBe(1);
  await fixture.first();
  const second = await fixture.view();
  expect([fixture.room.viewers(sessionId), fixture.room.viewers("another")]).toEqual([2, 0]);
  for (const viewer of [early, second]) viewer.drop();
  expect(fixture.room.viewers(sessionId)).toBe(0);
});
