import { copyFile, mkdir, readdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { backUp } from "../store/back-up";
import { leaseNumberAt } from "./hold-lease";
import { stopAll } from "./stop-all";
import { apiClient } from "./testing/api-client";
import { openTestGround, type TestGround } from "./testing/open-ground";

let ground: TestGround;
beforeEach(async () => {
  ground = await openTestGround();
});
afterEach(() => ground.close());

/** What `docs/backup.md` says under "Restoring", with the other folders moved back: the holder's own is among them. */
async function restore(backup: string): Promise<void> {
  const { dataDir } = ground;
  await stopAll(ground.config(), ground.options);
  await rename(dataDir, `${dataDir}.old`);
  await mkdir(dataDir, { mode: 0o700 });
  for (const name of await readdir(backup)) await copyFile(path.join(backup, name), path.join(dataDir, name));
  for (const entry of await readdir(`${dataDir}.old`, { withFileTypes: true }))
    if (entry.isDirectory()) await rename(path.join(`${dataDir}.old`, entry.name), path.join(dataDir, entry.name));
}

test("a holder that newer servers used obeys the server on a backup that was restored", async () => {
  const first = await ground.start();
  const before = await apiClient(first.url, ground.dataDir);
  const { body: repository } = await before.post("/api/repositories", { cloneUrl: await ground.makeOrigin() });
  const { body: session } = await before.post("/api/sessions", { repositoryId: repository.id });
  const where = `/api/sessions/${session.id}`;
  await vi.waitFor(async () => expect((await before.get(where)).body.phase).toBe("active"));
  const backup = await backUp({
    ...{ databaseUrl: ground.config().databaseUrl, dataDir: ground.dataDir, environment: process.env },
    ...{ place: path.join(ground.place, "backups"), now: new Date() },
  });
  await first.close();
  for (let start = 0; start < 2; start += 1) await (await ground.start()).close();
  await restore(backup);
  // Five starts in less than five seconds count ahead of the clock.
  const used = Number(await readFile(path.join(ground.dataDir, "holder", "state", "server-number"), "utf8"));
  await vi.waitFor(() => expect(leaseNumberAt(new Date())).toBeGreaterThan(used));
  const server = await ground.start();
  const after = await apiClient(server.url, ground.dataDir);
  expect((await after.get("/api/hosts")).body.items).toMatchObject([{ kind: "local", state: "reachable" }]);
  await vi.waitFor(async () => expect((await after.get(where)).body.phase).toBe("active"));
  expect(ground.errors).toEqual([]);
});
