import { expect, test, vi } from "vitest";
import { InputQueue, maxQueuedBytes } from "./input-queue";

/** A program that reads only what it is allowed to. */
function reader(allowed = Number.POSITIVE_INFINITY) {
  const seen = { text: "", allowed, taken: [] as [string, number][] };
  const queue = new InputQueue({
    write: (bytes) => {
      const count = Math.min(bytes.length, seen.allowed);
      seen.allowed -= count;
      seen.text += Buffer.from(bytes.subarray(0, count)).toString();
      return count;
    },
    onTaken: (clientId, position) => seen.taken.push([clientId, position]),
  });
  return { seen, queue };
}
const bytes = (text: string) => new TextEncoder().encode(text);

test("what was sent again is written once, also in part", () => {
  const { seen, queue } = reader();
  queue.push("a", 0, bytes("abc"));
  queue.push("a", 0, bytes("abcd"));
  queue.push("a", 2, bytes("cd"));
  queue.push("b", 0, bytes("!"));
  expect(seen.text).toBe("abcd!");
  expect(seen.taken).toEqual([
    ["a", 3],
    ["a", 4],
    ["a", 4],
    ["b", 1],
  ]);
});

test("input beyond a hole changes nothing and says from where to send", () => {
  const { seen, queue } = reader();
  queue.push("a", 0, bytes("abc"));
  expect(queue.push("a", 5, bytes("x"))).toEqual({ kind: "hole", known: 3 });
  expect(seen.text).toBe("abc");
  expect(queue.known("a")).toBe(3);
  expect(queue.known("b")).toBeNull();
});

test("input is acknowledged when it was taken, and waits without being lost", async () => {
  const { seen, queue } = reader(2);
  const frame = bytes("abc");
  queue.push("a", 0, frame);
  frame.fill(0);
  expect(seen.taken).toEqual([]);
  queue.push("a", 0, bytes("abc"));
  expect(seen.taken).toEqual([["a", 0]]);
  seen.allowed = 10;
  await vi.waitFor(() => expect(seen.taken.at(-1)).toEqual(["a", 3]));
  expect(seen.text).toBe("abc");
});

test("a program that reads nothing fills the queue, and then no input is taken", () => {
  const { queue } = reader(0);
  expect(queue.push("a", 0, new Uint8Array(maxQueuedBytes))).toEqual({ kind: "taken" });
  expect(queue.push("a", maxQueuedBytes, bytes("x"))).toEqual({ kind: "full", known: maxQueuedBytes });
  queue.close();
});

test("the last 64 clients are known", () => {
  const { queue } = reader();
  for (let client = 0; client < 65; client++) queue.push(`c${client}`, 0, bytes("x"));
  expect(queue.known("c0")).toBeNull();
  expect(queue.known("c1")).toBe(1);
});
