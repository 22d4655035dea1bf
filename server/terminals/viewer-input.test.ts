import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openRoom } from "./testing/open-room";
import { TestViewer } from "./testing/test-viewer";

const all = Number.POSITIVE_INFINITY;
const tick = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A host that was away and is back: what was typed meanwhile was not taken, and its word for that is on its way. */
async function typistOverAnOutage() {
  const opened = openRoom();
  const id = await opened.first();
  opened.ptys.echo = false;
  const typist = new TestViewer({ slow: true });
  await opened.attach(typist);
  await settled(typist);
  opened.ptys.drop();
  await settled(typist);
  typist.type("lost;");
  opened.ptys.restore();
  await tick();
  typist.type("kept;");
  return { ...opened, id, typist, typed: () => opened.ptys.typed(id) };
}

/** The network lets everything through, both ways. */
async function settled(typist: TestViewer): Promise<void> {
  for (let each = 0; each < 5; each += 1) {
    typist.deliver(all);
    await tick();
  }
}

test("[I4] what was typed before the client has its attached waits, however long that is under way", async () => {
  const { typist, typed, close } = await typistOverAnOutage();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(typed()).toBe("");
  await settled(typist);
  expect(typed()).toBe("lost;kept;");
  expect(typist.unacknowledged).toBe(0);
  await close();
});

test("[I4] a host that goes away again gives nothing up: all comes once it is back", async () => {
  const { typist, typed, close, ptys } = await typistOverAnOutage();
  ptys.drop();
  await settled(typist);
  await vi.advanceTimersByTimeAsync(60_000);
  ptys.restore();
  await settled(typist);
  expect(typed()).toBe("lost;kept;");
  expect(typist.unacknowledged).toBe(0);
  await close();
});

test("a client that has its attached, and gave up what is missing, types on after a second", async () => {
  const { ptys, first, attach, close } = openRoom();
  const id = await first();
  ptys.echo = false;
  const typist = await attach(new TestViewer());
  await settled(typist);
  typist.viewer?.input(100, Buffer.from("x"));
  await vi.advanceTimersByTimeAsync(900);
  expect(ptys.typed(id)).toBe("");
  await vi.advanceTimersByTimeAsync(200);
  expect(ptys.typed(id)).toBe("x");
  await close();
});
