import { AppError } from "../domain/app-error";
import type { Repository } from "../domain/repository";
import type { RepositoryPatch, RepositoryStore } from "../sessions/repository-store";
import type { Page } from "../sessions/session-store";
import { copiesOf, copyOf, MemoryTables, pageOf, patchRow } from "./memory-tables";

/** Repositories in memory. Deleting one takes along what the database's cascade takes. */
export class MemoryRepositories implements RepositoryStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(repository: Repository, secret: string | null): Promise<void> {
    for (const { id, userId, cloneUrl } of this.tables.repositories.values())
      if (id === repository.id || (userId === repository.userId && cloneUrl === repository.cloneUrl))
        throw new AppError("conflict", `${repository.cloneUrl} is registered already`);
    this.tables.repositories.set(repository.id, structuredClone(repository));
    if (secret !== null) this.tables.secrets.set(repository.id, secret);
  }

  async get(id: string): Promise<Repository | null> {
    return copyOf(this.tables.repositories.get(id));
  }

  async getFor(userId: string, id: string): Promise<Repository | null> {
    const repository = await this.get(id);
    return repository?.userId === userId ? repository : null;
  }

  async list(userId: string, page: { limit: number; cursor?: string }): Promise<Page<Repository>> {
    return pageOf(
      copiesOf(this.tables.repositories.values(), (row) => row.userId === userId),
      page,
    );
  }

  async listAll(): Promise<Repository[]> {
    return copiesOf(this.tables.repositories.values(), () => true);
  }

  async update(id: string, patch: RepositoryPatch): Promise<Repository> {
    return patchRow(this.tables.repositories, id, patch);
  }

  async secret(id: string): Promise<string | null> {
    return this.tables.secrets.get(id) ?? null;
  }

  async delete(id: string): Promise<void> {
    const { repositories, secrets, sessions, worktrees, terminals, losses } = this.tables;
    const gone = new Set(copiesOf(sessions.values(), (row) => row.repositoryId === id).map((row) => row.id));
    for (const [key, row] of terminals) if (gone.has(row.sessionId)) terminals.delete(key);
    for (const [key, row] of losses) if (gone.has(row.sessionId)) losses.delete(key);
    for (const [key, row] of worktrees) if (row.repositoryId === id) worktrees.delete(key);
    for (const sessionId of gone) sessions.delete(sessionId);
    repositories.delete(id);
    secrets.delete(id);
  }
}
