import { expect, test } from "vitest";
import { Credit } from "./credit";

test("no more than the window goes beyond the last ack", () => {
  const credit = new Credit(100, 1_000);
  credit.send(60);
  expect(credit.room).toBe(40);
  credit.send(40);
  expect(credit.room).toBe(0);
  expect(credit.ack(1_050)).toBe(true);
  expect(credit.room).toBe(50);
  expect(credit.ack(1_020)).toBe(true);
  expect(credit.room).toBe(50);
});

test("an ack beyond what was sent is refused", () => {
  const credit = new Credit(100, 0);
  credit.send(10);
  expect(credit.ack(11)).toBe(false);
  expect(credit.ack(10)).toBe(true);
});

test("a gap uses no window, however large, and an ack of what came before it is an ack of it", () => {
  const credit = new Credit(100, 0);
  credit.send(100);
  credit.skipTo(1_000_000);
  expect(credit.room).toBe(0);
  credit.ack(50);
  expect(credit.room).toBe(50);
  credit.send(10);
  expect(credit.room).toBe(40);
  credit.ack(100);
  expect(credit.room).toBe(90);
  credit.ack(1_000_010);
  expect(credit.room).toBe(100);
});
