import { AppError } from "../domain/app-error";
import type { Worktree } from "../domain/session";
import type { WorktreeStore } from "../sessions/session-store";
import { copiesOf, MemoryTables, patchRow } from "./memory-tables";

/** Worktree records in memory. */
export class MemoryWorktrees implements WorktreeStore {
  constructor(readonly tables = new MemoryTables()) {}

  async ensure(worktree: Worktree): Promise<Worktree> {
    const own = [...this.tables.worktrees.values()].find(({ sessionId }) => sessionId === worktree.sessionId);
    if (own && worktree.sessionId !== null) return structuredClone(own);
    for (const { id, path } of this.tables.worktrees.values())
      if (id === worktree.id || path === worktree.path)
        throw new AppError("conflict", `the worktree ${worktree.path} belongs to another session`);
    this.tables.worktrees.set(worktree.id, structuredClone(worktree));
    return structuredClone(worktree);
  }

  async getBySession(sessionId: string): Promise<Worktree | null> {
    return copiesOf(this.tables.worktrees.values(), (row) => row.sessionId === sessionId)[0] ?? null;
  }

  async listByRepository(repositoryId: string): Promise<Worktree[]> {
    return copiesOf(this.tables.worktrees.values(), (row) => row.repositoryId === repositoryId);
  }

  async listSetAside(): Promise<Worktree[]> {
    return copiesOf(this.tables.worktrees.values(), (row) => row.setAsideAt !== null && row.purged === null).sort(
      (a, b) => Number(a.setAsideAt) - Number(b.setAsideAt),
    );
  }

  async update(id: string, patch: Partial<Omit<Worktree, "id">>): Promise<Worktree> {
    return patchRow(this.tables.worktrees, id, patch);
  }
}
