import { expect, test } from "vitest";
import { keepSeatMs, type Seat, seatOnAttach, seatOnDetach, seatOnInput, seatOnRelease } from "./seat";

const free: Seat = { kind: "free" };
const driven: Seat = { kind: "driven", clientId: "a" };
const kept = seatOnDetach(driven, "a", 0);

test("the first who does not ask to view drives, and later ones view", () => {
  expect(seatOnAttach(free, { clientId: "a", mode: null }, 0)).toEqual(driven);
  expect(seatOnAttach(free, { clientId: "a", mode: "view" }, 0)).toEqual(free);
  expect(seatOnAttach(driven, { clientId: "b", mode: "drive" }, 0)).toEqual(driven);
});

test("the place is kept 30 s for the same page, and nobody else sits down meanwhile", () => {
  expect(seatOnAttach(kept, { clientId: "a", mode: null }, keepSeatMs - 1)).toEqual(driven);
  expect(seatOnAttach(kept, { clientId: "b", mode: "drive" }, keepSeatMs - 1)).toEqual(kept);
  expect(seatOnInput(kept, { clientId: "b", mode: null }, { viewers: 1, now: keepSeatMs - 1 })).toEqual(kept);
  expect(seatOnAttach(kept, { clientId: "b", mode: null }, keepSeatMs)).toEqual({ kind: "driven", clientId: "b" });
});

test("a free place is taken by typing only when alone, and never by one who asked to view", () => {
  const by = (mode: "view" | null, viewers: number) => seatOnInput(free, { clientId: "b", mode }, { viewers, now: 0 });
  expect(by(null, 1)).toEqual({ kind: "driven", clientId: "b" });
  expect(by(null, 2)).toEqual(free);
  expect(by("view", 1)).toEqual(free);
});

test("only who has the place can give it up", () => {
  expect(seatOnRelease(driven, "a")).toEqual(free);
  expect(seatOnRelease(driven, "b")).toEqual(driven);
  expect(seatOnDetach(driven, "b", 0)).toEqual(driven);
});
