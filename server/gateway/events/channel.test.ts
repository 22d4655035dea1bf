import { expect, test } from "vitest";
import { Channel } from "./channel";

const removed = (sessionId: string) => ({ type: "session-removed", sessionId }) as const;
const idsOf = (texts: string[] | null) => texts?.map((text) => JSON.parse(text).sessionId) ?? null;

test("what came after a cursor is given exactly, in order", () => {
  const channel = new Channel("boot");
  for (const id of ["a", "b", "c"]) channel.push(removed(id));
  expect(idsOf(channel.after(0))).toEqual(["a", "b", "c"]);
  expect(idsOf(channel.after(2))).toEqual(["c"]);
  expect(channel.after(3)).toEqual([]);
});

test("each event carries the cursor that goes on behind it", () => {
  const channel = new Channel("boot");
  channel.push(removed("a"));
  channel.push(removed("b"));
  const [first] = channel.after(0) ?? [];
  const position = channel.position(JSON.parse(first ?? "").cursor);
  expect(idsOf(channel.after(position ?? -1))).toEqual(["b"]);
});

test("a cursor of another server, of the future, too old or malformed is unknown", () => {
  const channel = new Channel("boot");
  for (let event = 0; event < 600; event += 1) channel.push(removed(String(event)));
  for (const cursor of ["other.600", "boot.601", "boot.1", "boot.x", "boot.-1", "boot", ""])
    expect(channel.position(cursor)).toBeNull();
  expect(channel.position("boot.600")).toBe(600);
  expect(channel.after(1)).toBeNull();
});

test("the ring is bounded by size too, and a listener that left hears nothing", () => {
  const channel = new Channel("boot");
  let heard = 0;
  const leave = channel.onPush(() => {
    heard += 1;
  });
  channel.push(removed("x".repeat(1_500_000)));
  channel.push(removed("y".repeat(1_500_000)));
  expect(channel.after(0)).toBeNull();
  expect(channel.after(1)).toHaveLength(1);
  leave();
  channel.push(removed("z"));
  expect(heard).toBe(2);
});
