import { expect, test } from "vitest";
import { chooseReplay } from "./choose-replay";

const program = { epoch: "now", tailOffset: 1_000, headOffset: 9_000_000 };
const young = { epoch: "now", tailOffset: 0, headOffset: 1024 * 1024 };
const fresh = { epoch: null, offset: null };

test("a viewer goes on from any byte that the log holds", () => {
  for (const offset of [1_000, 5_000, 9_000_000])
    expect(chooseReplay({ epoch: "now", offset }, program)).toEqual({ kind: "resume", offset });
});

test("behind the log it is told from where bytes are missing", () => {
  expect(chooseReplay({ epoch: "now", offset: 999 }, program)).toEqual({ kind: "snapshot", gapFrom: 999 });
});

test.each([
  ["no epoch", fresh],
  ["another epoch", { epoch: "before", offset: 5_000 }],
  ["an offset beyond the head", { epoch: "now", offset: 9_000_001 }],
])("%s is a fresh attach, never an error", (_, wanted) => {
  expect(chooseReplay(wanted, program)).toEqual({ kind: "snapshot", gapFrom: null });
  expect(chooseReplay(wanted, { ...young, epoch: "now" })).toEqual({ kind: "log" });
});

test("at most 1 MiB is replayed, and only from the first byte", () => {
  expect(chooseReplay(fresh, { ...young, headOffset: 1024 * 1024 + 1 }).kind).toBe("snapshot");
  expect(chooseReplay(fresh, { ...young, tailOffset: 1 }).kind).toBe("snapshot");
});
