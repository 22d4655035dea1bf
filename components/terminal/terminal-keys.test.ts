import { expect, test } from "vitest";
import { pageKey } from "./terminal-keys";

const key = (key: string, change: object = {}) => ({
  type: "keydown",
  key,
  ctrlKey: true,
  shiftKey: true,
  altKey: false,
  metaKey: false,
  ...change,
});

test("the page takes five keys with Ctrl and Shift", () => {
  expect(["K", "F", "C", "V", ">"].map((name) => pageKey(key(name)))).toEqual([
    "palette",
    "search",
    "copy",
    "paste",
    "leave",
  ]);
});

test("every other key is the program's: Ctrl-K, Ctrl-C, Ctrl-F, Alt and Meta with them", () => {
  for (const name of ["k", "c", "f", "v", "."]) expect(pageKey(key(name, { shiftKey: false }))).toBeNull();
  expect(pageKey(key("K", { altKey: true }))).toBeNull();
  expect(pageKey(key("K", { metaKey: true }))).toBeNull();
  expect(pageKey(key("A"))).toBeNull();
});
