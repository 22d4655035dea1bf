import { z } from "zod";
import type { Nudge, Pull } from "../domain/pull";
import { type Claim, notLooked, type PullPatch, type PullStore, type RepositoryLook } from "../pulls/pull-store";
import { toColumns } from "./columns";
import { type Database, isTaken, orNotFound } from "./database";
import { lookRow, nudgeRow, pullRow } from "./pull-row";

const json = ["unlinkedFrom", "facts", "formerBases", "movedFor", "lookFailure"] as const satisfies (keyof Pull)[];
const pulls = z.array(pullRow);
/** Variables of one statement: SQLite's bound is above this. */
const atOnce = 400;

export class PrismaPullStore implements PullStore {
  constructor(private readonly database: Database) {}

  async create(pull: Pull): Promise<Pull> {
    try {
      return pullRow.parse(await this.database.pull.create({ data: toColumns(pull, json) }));
    } catch (error) {
      if (!isTaken(error)) throw error;
      const { repositoryId, url } = pull;
      return pullRow.parse(await this.database.pull.findUnique({ where: { repositoryId_url: { repositoryId, url } } }));
    }
  }

  async get(id: string): Promise<Pull | null> {
    return pullRow.nullable().parse(await this.database.pull.findUnique({ where: { id } }));
  }

  async update(id: string, patch: PullPatch): Promise<Pull> {
    const write = this.database.pull.update({ where: { id }, data: toColumns(patch, json) });
    return pullRow.parse(await orNotFound(write, `the pull request ${id} is no longer followed`));
  }

  async listByRepository(repositoryId: string): Promise<Pull[]> {
    const orderBy = [{ createdAt: "asc" as const }, { id: "asc" as const }];
    return pulls.parse(await this.database.pull.findMany({ where: { repositoryId }, orderBy }));
  }

  async addMade(sessionId: string, shas: string[]): Promise<void> {
    const wanted = new Set(shas);
    for (const { sha } of await this.database.madeCommit.findMany({ where: { sessionId }, select: { sha: true } }))
      wanted.delete(sha);
    for (const sha of wanted) {
      const write = this.database.madeCommit.create({ data: { sessionId, sha } });
      await write.catch((error: unknown) => {
        if (!isTaken(error)) throw error;
      });
    }
  }

  async madeIn(repositoryId: string): Promise<{ sessionId: string; sha: string }[]> {
    return this.database.madeCommit.findMany({ where: { session: { repositoryId } } });
  }

  async look(repositoryId: string): Promise<RepositoryLook> {
    return lookRow.parse((await this.database.pullLook.findUnique({ where: { repositoryId } })) ?? notLooked);
  }

  async setLook(repositoryId: string, patch: Partial<RepositoryLook>): Promise<void> {
    const [where, update] = [{ repositoryId }, toColumns(patch, ["trouble"])];
    await this.database.pullLook.upsert({ where, update, create: { ...where, ...update } });
  }

  async claim(what: Claim, at: Date): Promise<boolean> {
    return this.#once(this.database.pullClaim.create({ data: { ...what, at } }));
  }

  async claimed({ pullId, kind }: Pick<Claim, "pullId" | "kind">): Promise<string[]> {
    const rows = await this.database.pullClaim.findMany({ where: { pullId, kind }, select: { signature: true } });
    return rows.map(({ signature }) => signature);
  }

  async addNudge(nudge: Nudge): Promise<boolean> {
    return this.#once(this.database.nudge.create({ data: toColumns(nudge, []) }));
  }

  async nudges(pullIds: string[]): Promise<Nudge[]> {
    const found: Nudge[] = [];
    for (let at = 0; at < pullIds.length; at += atOnce) {
      const where = { pullId: { in: pullIds.slice(at, at + atOnce) } };
      found.push(...z.array(nudgeRow).parse(await this.database.nudge.findMany({ where })));
    }
    return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  async updateNudge(id: string, patch: Parameters<PullStore["updateNudge"]>[1]): Promise<void> {
    await this.database.nudge.updateMany({ where: { id }, data: patch });
  }

  async #once(write: Promise<unknown>): Promise<boolean> {
    try {
      await write;
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }
}
