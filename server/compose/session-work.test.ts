import { expect, test } from "vitest";
import { MemoryRepositories } from "../fakes/memory-repositories";
import { MemorySessions } from "../fakes/memory-sessions";
import { MemoryTables } from "../fakes/memory-tables";
import { sampleRepository, sampleSession } from "../fakes/sample-rows";
import { sessionWork } from "./session-work";

test("all sessions of a repository may own a pull request, ended ones too, and none of another", async () => {
  const tables = new MemoryTables();
  const store = { sessions: new MemorySessions(tables), repositories: new MemoryRepositories(tables) };
  const [repository, other] = [sampleRepository("ada"), sampleRepository("ada")];
  for (const each of [repository, other]) tables.repositories.set(each.id, each);
  const active = sampleSession(repository, { baseBranch: "main" });
  const ended = sampleSession(repository, { wanted: "ended", endedAt: new Date() });
  for (const each of [active, ended, sampleSession(other)]) await store.sessions.create(each);
  const ahead = { commits: [], isPushed: true, unpushed: 0, template: null };
  const room = {
    made: async (id: string) => (id === active.id ? ["0123"] : null),
    branchWork: async (id: string) => (id === active.id ? ahead : null),
  };
  const work = sessionWork(store, room);
  const { id, userId, username, repositoryId, title, branch, createdAt } = active;
  const known = { id, userId, username, repositoryId, title, branch, baseBranch: "main", ended: false, createdAt };
  expect(await work.sessions(repository.id)).toEqual([known, expect.objectContaining({ id: ended.id, ended: true })]);
  expect(await work.get(active.id)).toEqual(known);
  expect(await work.sessions("gone")).toEqual([]);
  expect(await work.get("gone")).toBeNull();
  expect([await work.madeShas(active.id), await work.madeShas(ended.id)]).toEqual([["0123"], null]);
  const wanted = { branch: active.branch, base: "main" };
  expect([await work.branchWork(active.id, wanted), await work.branchWork(ended.id, wanted)]).toEqual([ahead, null]);
});
