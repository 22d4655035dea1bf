import { expect, test } from "vitest";
import { InputStream } from "./input-stream";

const frame = (position: number, text: string) => ({ position, bytes: Buffer.from(text) });
const begun = (position: number, beyond: "hold" | "ignore" = "hold") => {
  const stream = new InputStream();
  stream.begin(position, beyond);
  return stream;
};
const kind = (stream: InputStream, position: number, text: string) => stream.take(frame(position, text)).kind;

test("what is known is cut off, and a stream that runs has no holes", () => {
  const stream = begun(0);
  expect(kind(stream, 0, "abc")).toBe("new");
  expect(stream.take(frame(1, "bcde"))).toMatchObject({ kind: "new", position: 3, bytes: Buffer.from("de") });
  expect(kind(stream, 0, "abc")).toBe("repeated");
  expect(kind(stream, 6, "x")).toBe("malformed");
});

test("input that overtook its attached waits for what is before it, and comes again behind that", () => {
  const stream = begun(10);
  expect(kind(stream, 20, "later")).toBe("held");
  expect(kind(stream, 10, "0123456789")).toBe("new");
  expect(stream.release()).toEqual([]);
  expect(kind(stream, 20, "later")).toBe("new");
});

test("input behind what a person gave up goes on where it is", () => {
  const stream = begun(10);
  expect(kind(stream, 20, "a")).toBe("held");
  expect(kind(stream, 21, "b")).toBe("held");
  expect(stream.release().map((held) => stream.take(held).kind)).toEqual(["new", "new"]);
  expect(stream.expected).toBe(22);
});

test("input for a program that was started again since goes nowhere, however late it comes", () => {
  const stream = begun(0, "ignore");
  expect(kind(stream, 500, "rm -rf")).toBe("ignored");
  expect(kind(stream, 0, "ls")).toBe("new");
});

test("more than 256 KiB that the kernel has not taken is malformed", () => {
  const stream = begun(0);
  const piece = "x".repeat(64 * 1024);
  for (let each = 0; each < 4; each += 1) expect(kind(stream, each * piece.length, piece)).toBe("new");
  expect(kind(stream, 4 * piece.length, "y")).toBe("malformed");
  stream.wrote();
  stream.took(piece.length);
  expect(kind(stream, 4 * piece.length, "y")).toBe("new");
});

test("what was thrown away is acknowledged only behind what is still on its way", () => {
  const stream = begun(0);
  stream.take(frame(0, "driver"));
  stream.wrote();
  stream.take(frame(6, "viewer"));
  expect(stream.threw()).toBeNull();
  expect(stream.took(3)).toBe(3);
  expect(stream.took(6)).toBe(12);
  stream.take(frame(12, "more"));
  expect(stream.threw()).toBe(16);
});
