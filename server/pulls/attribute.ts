import type { AttributedBy, PullFacts } from "../domain/pull";
import type { WorkingSession } from "./session-work";

export type Attribution = { sessionId: string; attributedBy: AttributedBy; evidence: string };

export type Around = {
  /** Of the repository, in any order. */
  sessions: readonly WorkingSession[];
  /** The path of the repository that worktrees push to, as the forge spells it. */
  pushRepository: string;
  /** Which session made a sha in its worktree. */
  madeBy(sha: string): string[];
  /** The sessions of the pull requests, open or merged, whose head is this branch of the repository. */
  ownersOfHead(repository: string, branch: string): { sessionId: string; url: string }[];
  /** The person's name on the forge; null while unknown. */
  loginOf(userId: string): string | null;
};

/**
 * Whose pull request it is, by the first rule that holds; null where none does. What a person linked, or opened from
 * here, and a first owner that is stored, are decided before this is asked.
 */
export function attribute(facts: PullFacts, around: Around): Attribution | null {
  // A namesake in a fork is somebody else's work.
  if (facts.head.repository !== around.pushRepository) return null;
  const sessions = around.sessions.toSorted(
    (a, b) => Number(couldOwn(b, facts)) - Number(couldOwn(a, facts)) || mostAlive(a, b),
  );
  return (
    byBranch(facts, sessions) ??
    byDescent(facts, sessions) ??
    byWork(facts, sessions, around) ??
    byStack(facts, sessions, around)
  );
}

/**
 * What was over before the session began is not of it, whatever its branch was called. The forge's clock is compared with
 * ours: it decides nothing where a random name or a sha that was made here does.
 */
function couldOwn(session: WorkingSession, facts: PullFacts): boolean {
  if (facts.state === "open") return true;
  return (facts.mergedAt ?? facts.updatedAt) >= session.createdAt;
}

/** By Trellis: no other branch has its random name, before or after. */
const isNamedHere = ({ branch }: WorkingSession): boolean => branch.startsWith("session/");

/** Active ones first, then the newest: one branch may have been worked on twice. */
function mostAlive(a: WorkingSession, b: WorkingSession): number {
  return Number(a.ended) - Number(b.ended) || b.createdAt.getTime() - a.createdAt.getTime();
}

function byBranch(facts: PullFacts, sessions: WorkingSession[]): Attribution | null {
  const { head } = facts;
  const named = sessions.filter(({ branch }) => branch === head.branch);
  const owner = named.find((session) => couldOwn(session, facts) || isNamedHere(session));
  if (!owner) return null;
  return { sessionId: owner.id, attributedBy: "branch", evidence: `its branch is ${head.branch}` };
}

/**
 * The longest branch that it continues: one session's branch may begin as another's. Only a branch that Trellis named
 * has children by name: an adopted `release` has nothing to do with a colleague's `release-1.2`.
 */
function byDescent({ head }: PullFacts, sessions: WorkingSession[]): Attribution | null {
  const continued = sessions.filter(
    (session) =>
      isNamedHere(session) &&
      head.branch.startsWith(session.branch) &&
      "-./".includes(head.branch.charAt(session.branch.length) || " "),
  );
  const [owner] = continued.toSorted((a, b) => b.branch.length - a.branch.length);
  if (!owner) return null;
  const evidence = `its branch ${head.branch} continues ${owner.branch}`;
  return { sessionId: owner.id, attributedBy: "descendant", evidence };
}

function byWork({ head }: PullFacts, sessions: WorkingSession[], { madeBy }: Around): Attribution | null {
  const makers = new Set(madeBy(head.sha));
  const owner = sessions.find(({ id }) => makers.has(id));
  if (!owner) return null;
  return { sessionId: owner.id, attributedBy: "worktree", evidence: `its head ${head.sha.slice(0, 12)} was made here` };
}

/** On a pull request of the session's, by the session's own person: a colleague's child on my branch is not mine. */
function byStack(facts: PullFacts, sessions: WorkingSession[], around: Around): Attribution | null {
  for (const { sessionId, url } of around.ownersOfHead(facts.repository, facts.base.branch)) {
    const owner = sessions.find((session) => session.id === sessionId && couldOwn(session, facts));
    if (!owner || facts.author === null || around.loginOf(owner.userId) !== facts.author) continue;
    return { sessionId, attributedBy: "stack", evidence: `it stands on ${url}` };
  }
  return null;
}
