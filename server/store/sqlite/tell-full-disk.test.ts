import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { migrationsDir, quietLog } from "../testing/open-test-store";
import { openSqlite } from "./open-sqlite";

const directory = mkdtempSync(path.join(tmpdir(), "trellis-full-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a write that meets a full disk is refused in words, and the next goes through once there is room", async () => {
  const database = await openSqlite({ url: `file:${path.join(directory, "a.db")}`, migrationsDir, log: quietLog });
  const write = (id: string) =>
    database.user.create({
      data: { id, username: id, name: "x".repeat(100_000), email: "", role: "admin", createdAt: new Date() },
    });
  await database.$queryRawUnsafe("PRAGMA max_page_count = 1");
  await expect(write("one")).rejects.toMatchObject({ code: "unavailable", message: /disk .* is full: make room/ });
  await database.$queryRawUnsafe("PRAGMA max_page_count = 1000000");
  await write("one");
  expect(await database.user.count()).toBe(1);
  await database.$disconnect();
});
