import { expect, it } from "vitest";
import { isShort, parseDisk } from "./disk-room";

it("reads what df says, and nothing from anything else", () => {
  expect(parseDisk("     Avail   1B-blocks\n 123 4567\n")).toEqual({ availableBytes: 123, sizeBytes: 4567 });
  expect(parseDisk("Avail Size\n- -\n")).toBeNull();
  expect(parseDisk("")).toBeNull();
});

it.each([
  ["little of a small disk", 1, 20.1, true],
  ["little of a big disk, but many worktrees", 40, 1_000, false],
  ["much of a tiny disk", 1, 10, false],
])("%s", (_, availableGiB, sizeGiB, short) => {
  expect(isShort({ availableBytes: availableGiB * 1024 ** 3, sizeBytes: sizeGiB * 1024 ** 3 })).toBe(short);
});
