import { expect, test } from "vitest";
import { Ring } from "./ring";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);

function readAll(ring: Ring, offset: number): string[] {
  const cursor = ring.cursorAt(offset);
  const seen: string[] = [];
  for (;;) {
    const read = ring.read(cursor, 10_000);
    if (read.kind === "output") seen.push(`${read.offset}+${read.bytes.length}`);
    else if (read.kind === "mark") seen.push(read.mark.kind);
    else return [...seen, read.kind];
  }
}

test("output is read from any byte that is held, in pieces of at most the limit", () => {
  const ring = new Ring(100, 1024 * 1024);
  ring.append(bytes(40_000, 1));
  expect(readAll(ring, 100)).toEqual(["100+10000", "10100+10000", "20100+10000", "30100+2768", "32868+7232", "end"]);
  expect(readAll(ring, 40_099)).toEqual(["40099+1", "end"]);
  expect(readAll(ring, 99)).toEqual(["behind"]);
});

test("full, it lets go of the oldest, whose readers turn to the log", () => {
  const ring = new Ring(0, 64 * 1024);
  for (let each = 0; each < 20; each += 1) ring.append(bytes(16 * 1024, each));
  expect(ring.heldBytes).toBeLessThanOrEqual(64 * 1024);
  expect(ring.end).toBe(20 * 16 * 1024);
  expect(readAll(ring, 0)).toEqual(["behind"]);
  expect(readAll(ring, ring.start).length).toBeGreaterThan(4);
});

test("what was read stays as it is, whatever comes after", () => {
  const ring = new Ring(0, 32 * 1024);
  ring.append(bytes(100, 7));
  const read = ring.read(ring.cursorAt(0), 100);
  for (let each = 0; each < 5; each += 1) ring.append(bytes(16 * 1024, 9));
  expect(read.kind === "output" && [...read.bytes].every((byte) => byte === 7)).toBe(true);
});

test("marks come where they stand, and those below a reader that comes from the log do not come again", () => {
  const ring = new Ring(0, 1024 * 1024);
  ring.append(bytes(10, 1));
  ring.mark({ kind: "resized", offset: 10, cols: 90, rows: 30 });
  ring.append(bytes(10, 2));
  ring.mark({ kind: "gap", from: 20, to: 50 });
  ring.append(bytes(5, 3));
  expect(readAll(ring, 0)).toEqual(["0+10", "resized", "10+10", "gap", "50+5", "end"]);
  expect(readAll(ring, 11)).toEqual(["11+9", "gap", "50+5", "end"]);
  expect(readAll(ring, 52)).toEqual(["52+3", "end"]);
  expect(ring.cursorBehind(10).size).toEqual({ cols: 90, rows: 30 });
});

test("endless resizes without output are bounded", () => {
  const ring = new Ring(0, 1024 * 1024);
  const early = ring.cursorAt(0);
  for (let each = 0; each < 1_000; each += 1) ring.mark({ kind: "resized", offset: 0, cols: each + 1, rows: 1 });
  expect(ring.read(early, 100).kind).toBe("behind");
  expect(readAll(ring, 0).length).toBeLessThanOrEqual(257);
});

test("cleared, it holds nothing and goes on counting", () => {
  const ring = new Ring(0, 1024 * 1024);
  ring.append(bytes(50_000, 1));
  ring.clear();
  expect([ring.heldBytes, ring.start, ring.end]).toEqual([0, 50_000, 50_000]);
  ring.append(bytes(3, 1));
  expect(readAll(ring, 50_000)).toEqual(["50000+3", "end"]);
});
