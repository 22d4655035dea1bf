import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openLocalFixture } from "../hosts/testing/local-fixture";
import { openRoomOver } from "./testing/open-room";
import type { TestViewer } from "./testing/test-viewer";

const patience = { interval: 5 };
let local: Awaited<ReturnType<typeof openLocalFixture>>;
beforeAll(async () => {
  local = await openLocalFixture();
});
afterAll(() => local.close());

async function openRoom() {
  const { ptys } = await local.open();
  return openRoomOver(ptys, { cwd: local.root });
}

const attached = (viewer: TestViewer) => vi.waitFor(() => expect(viewer.attached).not.toBeNull(), patience);

test("a real shell is typed into, resumed on another server, and its exit is stored", async () => {
  const opened = await openRoom();
  await opened.first();
  const viewer = await opened.view();
  await attached(viewer);
  viewer.type("stty -echo; kept=$((40 + 2)); echo in $PWD\n");
  await vi.waitFor(() => expect(viewer.text()).toContain(`in ${local.root}`), patience);
  viewer.drop();
  opened.restartServer();
  await opened.attach(viewer);
  await vi.waitFor(() => expect(viewer.attached?.inputOffset).toBeGreaterThan(0), patience);
  viewer.type("echo kept $kept; exit 3\n");
  await vi.waitFor(() => expect(viewer.exit?.exit).toEqual({ code: 3, signal: null, reason: "exited" }), patience);
  expect(viewer.text()).toContain("kept 42");
  expect(viewer.faults).toEqual([]);
  await vi.waitFor(() => expect(opened.ended[0]).toMatchObject({ exit: { code: 3 } }), patience);
  await opened.close();
});

test("[I4] [I6] 24 MB to viewers of any speed, dropped and resumed: every byte once, and the exit last", async () => {
  const opened = await openRoom();
  const command = ["/bin/sh", "-c", "stty raw -echo; printf ready; read go; seq 1 3500000; exit 7"];
  const { terminal } = await opened.room.open(opened.sessionId, { command });
  const [fast, slow, drops] = [
    await opened.view({ mode: "drive" }, terminal.id),
    await opened.view({ mode: "view", slow: true, windowBytes: 128 * 1024 }, terminal.id),
    await opened.view({ mode: "view", windowBytes: 256 * 1024 }, terminal.id),
  ];
  await vi.waitFor(() => {
    slow.deliver(100);
    for (const viewer of [fast, slow, drops]) expect(viewer.text()).toBe("ready");
  }, patience);
  fast.type("go\n");
  let dropped = 0;
  await vi.waitFor(
    async () => {
      slow.deliver(20);
      if (drops.offset > (dropped + 1) * 4_000_000 && !drops.exit) {
        dropped += 1;
        drops.drop();
        await opened.attach(drops, terminal.id);
      }
      for (const viewer of [fast, drops, slow]) expect(viewer.exit?.exit.code).toBe(7);
    },
    { interval: 2, timeout: 600_000 },
  );
  const hash = createHash("sha256").update("ready");
  for (let number = 1; number <= 3_500_000; number += 1) hash.update(`${number}\n`);
  expect(dropped).toBeGreaterThan(2);
  const expected = hash.digest("hex");
  for (const viewer of [fast, slow, drops]) {
    expect(viewer.faults).toEqual([]);
    expect(viewer.gaps).toEqual([]);
    expect(viewer.digest()).toBe(expected);
    expect(viewer.largest).toBeLessThan(192 * 1024);
  }
  expect(opened.room.figures().ringBytes).toBeLessThanOrEqual(1024 * 1024 + 16 * 1024);
  await opened.close();
}, 700_000);

test("[I8] a holder killed while output runs: every viewer is told that the program is lost, also of what it saw last", async () => {
  const opened = await openRoom();
  const command = [
    "/bin/sh",
    "-c",
    "stty raw -echo; printf ready; read go; exec yes 0123456789012345678901234567890123456789",
  ];
  const { terminal } = await opened.room.open(opened.sessionId, { command });
  const viewer = await opened.view({}, terminal.id);
  await vi.waitFor(() => expect(viewer.text()).toBe("ready"), patience);
  viewer.type("go\n");
  await vi.waitFor(() => expect(viewer.offset).toBeGreaterThan(1024 * 1024), patience);
  process.kill(await local.holderPid(), "SIGKILL");
  await vi.waitFor(() => expect(viewer.exit?.exit.reason).toBe("lost"), patience);
  expect(viewer.faults).toEqual([]);
  const late = await opened.view({}, terminal.id);
  await vi.waitFor(() => expect(late.exit?.exit.reason).toBe("lost"), patience);
  expect(late.faults).toEqual([]);
  await opened.close();
});

test("[I4] a paste larger than a busy program takes, over a drop: refused nowhere, typed once", async () => {
  const opened = await openRoom();
  const total = 640 * 1024;
  const command = [
    "/bin/sh",
    "-c",
    `stty raw -echo; printf ready; until [ -e go ]; do sleep 0.05; done; head -c ${total} | sha256sum`,
  ];
  const { terminal } = await opened.room.open(opened.sessionId, { command });
  const viewer = await opened.view({}, terminal.id);
  await vi.waitFor(() => expect(viewer.text()).toBe("ready"), patience);
  const piece = (part: number) => String.fromCharCode(97 + part).repeat(64 * 1024);
  const pasted = Array.from({ length: 10 }, (_, part) => piece(part));
  for (const part of pasted.slice(0, 4)) viewer.type(part);
  for (const [from, to] of [
    [4, 8],
    [8, 10],
  ] as const) {
    await vi.waitFor(async () => {
      const before = viewer.attached;
      viewer.drop();
      await opened.attach(viewer, terminal.id);
      await vi.waitFor(() => expect(viewer.attached).not.toBe(before), patience);
      // All of it: what is still under way counts against what may be typed now.
      expect(viewer.attached?.inputOffset).toBe(from * 64 * 1024);
    }, patience);
    for (const part of pasted.slice(from, to)) viewer.type(part);
  }
  writeFileSync(join(local.root, "go"), "");
  const expected = createHash("sha256").update(pasted.join("")).digest("hex");
  await vi.waitFor(() => expect(viewer.text()).toContain(expected), patience);
  expect([viewer.closed, viewer.faults]).toEqual([null, []]);
  rmSync(join(local.root, "go"));
  await opened.close();
});
