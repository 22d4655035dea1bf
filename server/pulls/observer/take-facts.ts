import { randomUUID } from "node:crypto";
import type { Pull, PullFacts } from "../../domain/pull";
import { type Around, type Attribution, attribute } from "../attribute";
import { keepWords } from "../keep-words";
import type { PullDeps } from "../pull-deps";
import type { PullPatch } from "../pull-store";
import { isSameAddress } from "../read-pulls";
import { seenNow } from "../seen-now";
import type { WorkingSession } from "../session-work";

export type Looked = {
  repositoryId: string;
  /** The path that worktrees push to. */
  path: string;
  login: string | null;
  sessions: readonly WorkingSession[];
  /** Of this look. */
  facts: readonly PullFacts[];
  /** Of this look too, of other repositories: linked by hand, and no rule says anything of them. */
  elsewhere: readonly PullFacts[];
  /** All open ones that are known, of this look and those before it. */
  open: readonly PullFacts[];
};

/**
 * Stores what was seen: new facts of those that are followed, the owner of those that have none, and those that stand
 * in a stack with a session's own. Gives all rows as they are now. May be repeated.
 */
export async function takeFacts(deps: PullDeps, looked: Looked): Promise<Pull[]> {
  const rows = new Rows(deps, looked.repositoryId, await deps.pulls.listByRepository(looked.repositoryId));
  for (const facts of [...looked.facts, ...looked.elsewhere]) await rows.see(facts);
  const around = await surroundings(deps, looked, rows);
  await own(rows, looked, around);
  await followStacks(rows, looked.open);
  return rows.all();
}

async function surroundings(deps: PullDeps, looked: Looked, rows: Rows): Promise<Around> {
  const makers = new Map<string, string[]>();
  for (const { sha, sessionId } of await deps.pulls.madeIn(looked.repositoryId))
    makers.set(sha, [...(makers.get(sha) ?? []), sessionId]);
  return {
    sessions: looked.sessions,
    pushRepository: looked.path,
    madeBy: (sha) => makers.get(sha) ?? [],
    ownersOfHead: (repository, branch) => rows.ownersOfHead(repository, branch),
    loginOf: () => looked.login,
  };
}

/** Again and again while one more is owned: the next may stand on it. */
async function own(rows: Rows, { facts, open }: Looked, around: Around): Promise<void> {
  const all = new Map([...open, ...facts].map((each) => [each.providerId, each]));
  for (let found = true; found; ) {
    found = false;
    for (const each of all.values()) {
      const row = rows.of(each);
      if (row?.sessionId) continue;
      const sessions = around.sessions.filter(({ id }) => !row?.unlinkedFrom.includes(id));
      const attribution = attribute(each, { ...around, sessions });
      if (attribution === null) continue;
      await rows.give(each, attribution);
      found = true;
    }
  }
}

/** What an own one stands on, and what stands on it, is followed too, whoever's it is. */
async function followStacks(rows: Rows, open: readonly PullFacts[]): Promise<void> {
  for (let found = true; found; ) {
    found = false;
    for (const facts of open) {
      if (rows.of(facts) || !rows.isNextToOne(facts)) continue;
      await rows.give(facts, null);
      found = true;
    }
  }
}

/** The rows of one repository, as they are while a look is stored. */
class Rows {
  readonly #rows: Map<string, Pull>;

  constructor(
    private readonly deps: PullDeps,
    private readonly repositoryId: string,
    rows: Pull[],
  ) {
    this.#rows = new Map(rows.map((row) => [row.id, row]));
  }

  all(): Pull[] {
    return [...this.#rows.values()];
  }

  /**
   * By the forge's own id: a transferred one has another address. One that was only linked is known by its address, or
   * that of a page below it.
   */
  of(facts: PullFacts): Pull | null {
    const all = this.all();
    const byId = all.filter(
      (row) => row.facts?.provider === facts.provider && row.facts.providerId === facts.providerId,
    );
    // Two forges of one kind count alike; a forge that moved to another host has the same repository.
    const host = new URL(facts.url).host;
    const same =
      byId.find((row) => new URL(row.url).host === host) ??
      byId.find((row) => row.facts?.repository === facts.repository);
    return same ?? all.find((row) => row.facts === null && isSameAddress(facts.url, row.url)) ?? null;
  }

  async see(facts: PullFacts): Promise<void> {
    const row = this.of(facts);
    if (row) await this.#write(row, facts, {});
  }

  async give(facts: PullFacts, attribution: Attribution | null): Promise<void> {
    const row = this.of(facts);
    if (row) return this.#write(row, facts, attribution ?? {});
    const now = this.deps.now();
    const made = await this.deps.pulls.create({
      id: randomUUID(),
      repositoryId: this.repositoryId,
      sessionId: null,
      attributedBy: null,
      evidence: null,
      unlinkedFrom: [],
      facts: keepWords(null, facts),
      url: facts.url,
      formerBases: [],
      movedFor: null,
      seenAt: now,
      lookFailure: null,
      createdAt: now,
      ...attribution,
    });
    this.#rows.set(made.id, made);
  }

  ownersOfHead(repository: string, branch: string): { sessionId: string; url: string }[] {
    return this.all().flatMap(({ sessionId, facts, url }) =>
      sessionId !== null &&
      facts?.state !== "closed" &&
      facts?.head.repository === repository &&
      facts.head.branch === branch
        ? [{ sessionId, url }]
        : [],
    );
  }

  isNextToOne({ repository, head, base }: PullFacts): boolean {
    return this.all().some(({ facts }) => {
      if (facts?.state !== "open") return false;
      const below = facts.repository === head.repository && facts.base.branch === head.branch;
      return below || (facts.head.repository === repository && facts.head.branch === base.branch);
    });
  }

  async #write(row: Pull, facts: PullFacts, patch: PullPatch): Promise<void> {
    const seen = seenNow(row, facts, this.deps.now());
    const written = await this.deps.pulls.update(row.id, { ...seen, ...patch });
    this.#rows.set(row.id, written);
  }
}
