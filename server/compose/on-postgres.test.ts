import { afterEach, beforeEach, expect, test } from "vitest";
import { describePostgres } from "../store/testing/postgres";
import { apiClient } from "./testing/api-client";
import { openTestGround, type TestGround } from "./testing/open-ground";

let ground: TestGround;
beforeEach(async () => {
  ground = await openTestGround();
});
afterEach(() => ground.close());

describePostgres("the whole server over PostgreSQL", (newDatabase) => {
  test("keeps what was written over a restart, and takes its own lease at once", async () => {
    const databaseUrl = await newDatabase();
    const first = await ground.start({ databaseUrl });
    const api = await apiClient(first.url, ground.dataDir);
    expect((await api.post("/api/repositories", { cloneUrl: await ground.makeOrigin() })).status).toBe(201);
    await first.close();
    const second = await ground.start({ databaseUrl });
    const list = await (await apiClient(second.url, ground.dataDir)).get("/api/repositories");
    expect(list.body.items).toHaveLength(1);
    expect((await fetch(`${second.url}/api/ready`)).status).toBe(200);
    expect(ground.errors).toEqual([]);
  });

  test("a data directory that moves to a new database is still obeyed by its holder", async () => {
    for (let start = 0; start < 3; start += 1) await (await ground.start()).close();
    const server = await ground.start({ databaseUrl: await newDatabase() });
    const hosts = await (await apiClient(server.url, ground.dataDir)).get("/api/hosts");
    expect(hosts.body.items).toMatchObject([{ kind: "local", state: "reachable" }]);
  });
});
