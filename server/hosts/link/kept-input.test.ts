import { describe, expect, test } from "vitest";
import { KeptInput } from "./kept-input";

const bytes = (text: string) => new TextEncoder().encode(text);
const unsent = (kept: KeptInput, maxBytes = 100) =>
  [...kept.unsent(maxBytes)].map((piece) => `${piece.position}:${new TextDecoder().decode(piece.bytes)}`);

describe("kept input", () => {
  test("is given once on a connection, and from the acknowledged byte on the next", () => {
    const kept = new KeptInput();
    kept.add(10, bytes("abcdef"));
    kept.add(16, bytes("gh"));
    expect(unsent(kept, 4)).toEqual(["10:abcd", "14:ef", "16:gh"]);
    expect(unsent(kept)).toEqual([]);
    kept.ack(13);
    kept.rewind();
    expect(unsent(kept)).toEqual(["13:def", "16:gh"]);
    expect(kept.bytes).toBe(5);
  });

  test("what comes again is kept once, whatever part of it is new", () => {
    const kept = new KeptInput();
    kept.add(0, bytes("abc"));
    kept.add(0, bytes("abc"));
    kept.add(1, bytes("bcd"));
    kept.add(2, bytes("c"));
    expect([unsent(kept).join(" "), kept.bytes]).toEqual(["0:abc 3:d", 4]);
  });

  test("an acknowledgement of all, of nothing and of more leaves nothing wrong", () => {
    const kept = new KeptInput();
    kept.ack(5);
    kept.add(5, bytes("abc"));
    kept.ack(5);
    expect(kept.bytes).toBe(3);
    kept.ack(80);
    expect([kept.bytes, ...unsent(kept)]).toEqual([0]);
  });

  test("bytes are the keeper's own: the writer may use its buffer again", () => {
    const kept = new KeptInput();
    const buffer = bytes("abc");
    kept.add(0, buffer);
    buffer.fill(0);
    expect(unsent(kept)).toEqual(["0:abc"]);
  });
});
