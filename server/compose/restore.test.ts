import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaseNumberAt } from "./hold-lease";
import { apiClient } from "./testing/api-client";
import { openTestGround, type TestGround } from "./testing/open-ground";
import { keepBackup, restore } from "./testing/restore";

let ground: TestGround;
beforeEach(async () => {
  ground = await openTestGround();
});
afterEach(() => ground.close());

test("a holder that newer servers used obeys the server on a backup that was restored", async () => {
  const first = await ground.start();
  const before = await apiClient(first.url, ground.dataDir);
  const { body: repository } = await before.post("/api/repositories", { cloneUrl: await ground.makeOrigin() });
  const { body: session } = await before.post("/api/sessions", { repositoryId: repository.id });
  const where = `/api/sessions/${session.id}`;
  await vi.waitFor(async () => expect((await before.get(where)).body.phase).toBe("active"));
  const backup = await keepBackup(ground);
  await first.close();
  for (let start = 0; start < 2; start += 1) await (await ground.start()).close();
  await restore(ground, backup);
  // Five starts in less than five seconds count ahead of the clock.
  const used = Number(await readFile(path.join(ground.dataDir, "holder", "state", "server-number"), "utf8"));
  await vi.waitFor(() => expect(leaseNumberAt(new Date())).toBeGreaterThan(used));
  const server = await ground.start();
  const after = await apiClient(server.url, ground.dataDir);
  expect((await after.get("/api/hosts")).body.items).toMatchObject([{ kind: "local", state: "reachable" }]);
  await vi.waitFor(async () => expect((await after.get(where)).body.phase).toBe("active"));
  expect(ground.errors).toEqual([]);
});
