import { expect, test } from "vitest";
import { afterKey, barKeySequence, nothingHeld, tapHeld, withHeld } from "./key-sequences";

const ctrl = tapHeld(nothingHeld, "ctrl");
const alt = tapHeld(nothingHeld, "alt");

test("Ctrl holds for one key, two taps lock it, a third lets go", () => {
  expect(afterKey(ctrl)).toEqual(nothingHeld);
  const locked = tapHeld(ctrl, "ctrl");
  expect(afterKey(locked)).toEqual(locked);
  expect(tapHeld(locked, "ctrl")).toEqual(nothingHeld);
});

test("a held Ctrl makes control characters, a held Alt an escape before", () => {
  expect(withHeld("c", ctrl)).toBe("\x03");
  expect(withHeld("[", ctrl)).toBe("\x1b");
  expect(withHeld(" ", ctrl)).toBe("\0");
  expect(withHeld("f", alt)).toBe("\x1bf");
  expect(withHeld("1", ctrl)).toBe("1");
});

test("a paste is not changed by a held key", () => {
  expect(withHeld("cat", ctrl)).toBe("cat");
});

test("arrows follow the program's cursor mode and the held keys", () => {
  expect(barKeySequence("ArrowUp", nothingHeld, false)).toBe("\x1b[A");
  expect(barKeySequence("ArrowUp", nothingHeld, true)).toBe("\x1bOA");
  expect(barKeySequence("ArrowLeft", ctrl, true)).toBe("\x1b[1;5D");
  expect(barKeySequence("Escape", nothingHeld, false)).toBe("\x1b");
  expect(barKeySequence("Tab", alt, false)).toBe("\x1b\t");
});
