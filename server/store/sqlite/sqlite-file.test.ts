import path from "node:path";
import { expect, test } from "vitest";
import { sqliteFile } from "./sqlite-file";

test.each([
  ["file:/data/trellis.db", "/data/trellis.db"],
  ["file:///data/trellis.db", "/data/trellis.db"],
  ["file:trellis.db", path.resolve("trellis.db")],
  ["file:/data/trellis.db?connection_limit=1", "/data/trellis.db"],
  ["file:/what?/trellis.db", "/what?/trellis.db"],
])("%s is the file %s", (url, file) => expect(sqliteFile(url)).toBe(file));
