import { z } from "zod";
import type { Worktree } from "../domain/session";
import type { WorktreeStore } from "../sessions/session-store";
import { toColumns } from "./columns";
import { type Database, orConflict, orNotFound } from "./database";
import { jsonDate } from "./json-dates";

const json = ["purged"] as const satisfies (keyof Worktree)[];

const worktreeRow: z.ZodType<Worktree> = z.object({
  id: z.string(),
  sessionId: z.string().nullable(),
  repositoryId: z.string(),
  path: z.string(),
  branch: z.string(),
  madeAt: z.date().nullable(),
  setAsidePath: z.string().nullable(),
  setAsideAt: z.date().nullable(),
  purged: z.object({ at: jsonDate, reason: z.enum(["kept-long-enough", "disk-short", "by-hand"]) }).nullable(),
});
const worktrees = z.array(worktreeRow);

export class PrismaWorktreeStore implements WorktreeStore {
  constructor(private readonly database: Database) {}

  async ensure(worktree: Worktree): Promise<Worktree> {
    const { sessionId, path } = worktree;
    const own = async () => (sessionId === null ? null : this.getBySession(sessionId));
    const before = await own();
    if (before) return before;
    try {
      const write = this.database.worktree.create({ data: toColumns(worktree, json) });
      return worktreeRow.parse(await orConflict(write, `the worktree ${path} belongs to another session`));
    } catch (error) {
      const made = await own(); // by another at the same time
      if (made) return made;
      throw error;
    }
  }

  async getBySession(sessionId: string): Promise<Worktree | null> {
    return worktreeRow.nullable().parse(await this.database.worktree.findUnique({ where: { sessionId } }));
  }

  async listByRepository(repositoryId: string): Promise<Worktree[]> {
    return worktrees.parse(await this.database.worktree.findMany({ where: { repositoryId }, orderBy: { id: "asc" } }));
  }

  async listSetAside(): Promise<Worktree[]> {
    const where = { setAsideAt: { not: null } };
    const rows = worktrees.parse(await this.database.worktree.findMany({ where, orderBy: { setAsideAt: "asc" } }));
    return rows.filter(({ purged }) => purged === null);
  }

  async update(id: string, patch: Partial<Omit<Worktree, "id">>): Promise<Worktree> {
    const write = this.database.worktree.update({ where: { id }, data: toColumns(patch, json) });
    return worktreeRow.parse(await orNotFound(write, `the worktree ${id} is no longer there`));
  }
}
