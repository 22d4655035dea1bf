import type { Nudge, Pull } from "../domain/pull";
import { type Claim, notLooked, type PullPatch, type PullStore, type RepositoryLook } from "../pulls/pull-store";
import { copiesOf, copyOf, MemoryTables, patchRow } from "./memory-tables";

/** Pull requests in memory. */
export class MemoryPulls implements PullStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(pull: Pull): Promise<Pull> {
    const { pulls } = this.tables;
    const same = [...pulls.values()].find((row) => row.repositoryId === pull.repositoryId && row.url === pull.url);
    if (!same) pulls.set(pull.id, structuredClone(pull));
    return structuredClone(same ?? pull);
  }

  async get(id: string): Promise<Pull | null> {
    return copyOf(this.tables.pulls.get(id));
  }

  async update(id: string, patch: PullPatch): Promise<Pull> {
    return patchRow(this.tables.pulls, id, patch);
  }

  async listByRepository(repositoryId: string): Promise<Pull[]> {
    const rows = copiesOf(this.tables.pulls.values(), (row) => row.repositoryId === repositoryId);
    return rows.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  async addMade(sessionId: string, shas: string[]): Promise<void> {
    for (const sha of shas) this.tables.made.set(`${sessionId} ${sha}`, { sessionId, sha });
  }

  async madeIn(repositoryId: string): Promise<{ sessionId: string; sha: string }[]> {
    const { made, sessions } = this.tables;
    return copiesOf(made.values(), ({ sessionId }) => sessions.get(sessionId)?.repositoryId === repositoryId);
  }

  async look(repositoryId: string): Promise<RepositoryLook> {
    return copyOf(this.tables.pullLooks.get(repositoryId)) ?? notLooked;
  }

  async setLook(repositoryId: string, patch: Partial<RepositoryLook>): Promise<void> {
    this.tables.pullLooks.set(repositoryId, { ...(await this.look(repositoryId)), ...structuredClone(patch) });
  }

  async claim(what: Claim, at: Date): Promise<boolean> {
    if (this.tables.pullClaims.has(keyOf(what))) return false;
    this.tables.pullClaims.set(keyOf(what), { ...what, at });
    return true;
  }

  async claimed({ pullId, kind }: Pick<Claim, "pullId" | "kind">): Promise<string[]> {
    return [...this.tables.pullClaims.values()].flatMap((claim) =>
      claim.pullId === pullId && claim.kind === kind ? [claim.signature] : [],
    );
  }

  async addNudge(nudge: Nudge): Promise<boolean> {
    const { nudges } = this.tables;
    for (const { pullId, kind, signature } of nudges.values())
      if (pullId === nudge.pullId && kind === nudge.kind && signature === nudge.signature) return false;
    nudges.set(nudge.id, structuredClone(nudge));
    return true;
  }

  async nudges(pullIds: string[]): Promise<Nudge[]> {
    const rows = copiesOf(this.tables.nudges.values(), ({ pullId }) => pullIds.includes(pullId));
    return rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  async updateNudge(id: string, patch: Parameters<PullStore["updateNudge"]>[1]): Promise<void> {
    if (this.tables.nudges.has(id)) patchRow(this.tables.nudges, id, patch);
  }
}

const keyOf = ({ pullId, kind, signature }: Claim): string => JSON.stringify([pullId, kind, signature]);
