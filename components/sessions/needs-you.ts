import type { LiveData } from "@/components/live/fold-event";
import { countingPulls } from "@/components/pulls/pull-facts";
import type { RepositoryView, SessionView, TerminalView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";

/** Something that waits for the person, with all that its row and its actions need. */
export type Need =
  | { kind: "pod-trouble"; repository: RepositoryView; trouble: string; sessions: number }
  | { kind: "failed"; session: SessionView; reason: string }
  | { kind: "end-refused"; session: SessionView; reason: string }
  | { kind: "unreachable"; where: string; since: string | null; reason: string; sessions: SessionView[] }
  | { kind: "program-ended"; session: SessionView; terminal: TerminalView; exit: NonNullable<TerminalView["exit"]> }
  | { kind: "clone-failed"; repository: RepositoryView; reason: string }
  /** `others` of the session wait for the same: then they are one row. */
  | { kind: PullNeedKind; session: SessionView; pull: PullView; others: PullView[] }
  | { kind: "merged"; session: SessionView };

/** Of one session and kind: a session with more of them would hide all others. */
const mostRows = 3;

/** What of a pull request waits for a person, worst first. */
export type PullNeedKind = "checks-failed" | "changes-requested" | "conflict" | "mergeable";

/**
 * What needs the person first, worst first; within a kind the newest session first. A pod that cannot start holds up all
 * of its repository and stands first; a host that is away is one row. `kept` names what merged and a person goes on with.
 */
export function needsYou(data: LiveData, kept: ReadonlySet<string> = new Set()): Need[] {
  const sessions = Object.values(data.sessions)
    .filter(({ state }) => state === "active")
    .sort(newestFirst);
  return [
    ...troubleNeeds(data),
    ...sessions.flatMap(failedNeed),
    ...unreachableNeeds(data, sessions),
    ...sessions.flatMap(refusedNeed),
    ...pullNeeds(sessions, "checks-failed"),
    ...pullNeeds(sessions, "changes-requested"),
    ...pullNeeds(sessions, "conflict"),
    ...cloneNeeds(data),
    ...sessions.flatMap(programNeeds),
    ...pullNeeds(sessions, "mergeable"),
    ...sessions.flatMap((session) => mergedNeed(session, kept)),
  ];
}

/** A name that stays the same while the need does. */
export function needKey(need: Need): string {
  switch (need.kind) {
    case "failed":
    case "end-refused":
    case "merged":
      return `${need.kind}:${need.session.id}`;
    case "pod-trouble":
      return `pod-trouble:${need.repository.id}`;
    case "unreachable":
      return `unreachable:${need.where}`;
    case "program-ended":
      return `program-ended:${need.terminal.id}`;
    case "clone-failed":
      return `clone-failed:${need.repository.id}`;
    case "checks-failed":
    case "changes-requested":
    case "conflict":
    case "mergeable":
      return `${need.kind}:${need.others.length > 0 ? need.session.id : need.pull.id}`;
  }
}

export function newestFirst(a: { createdAt: string }, b: { createdAt: string }): number {
  return b.createdAt.localeCompare(a.createdAt);
}

function failedNeed(session: SessionView): Need[] {
  if (session.phase !== "failed") return [];
  return [{ kind: "failed", session, reason: session.failure?.reason ?? session.phaseDetail ?? "A step failed" }];
}

function refusedNeed(session: SessionView): Need[] {
  if (session.endRefusal === null || session.phase === "ending") return [];
  return [{ kind: "end-refused", session, reason: session.endRefusal.reason }];
}

function pullNeeds(sessions: SessionView[], kind: PullNeedKind): Need[] {
  return sessions.flatMap((session): Need[] => {
    const [pull, ...others] = countingPulls(session.prs).filter((each) => pullNeed(each) === kind);
    if (!pull) return [];
    if (others.length >= mostRows) return [{ kind, session, pull, others }];
    return [pull, ...others].map((each) => ({ kind, session, pull: each, others: [] }));
  });
}

/** At most one of each. A draft asks for nothing but to be mended: its author knows that it is not ready. */
function pullNeed({ word, mergeable }: PullView): PullNeedKind | null {
  if (word === "ci_failed") return "checks-failed";
  if (word === "changes_requested") return "changes-requested";
  if (mergeable === "conflict") return "conflict";
  return word === "mergeable" ? "mergeable" : null;
}

/** The name of what merged: one more that merges later is told of anew. */
export function mergedKey({ id, prs }: SessionView): string {
  return [id, ...prs.flatMap((pull) => (pull.state === "merged" ? [pull.id] : [])).sort()].join(" ");
}

function mergedNeed(session: SessionView, kept: ReadonlySet<string>): Need[] {
  if (session.status !== "merged" || session.phase !== "active" || kept.has(mergedKey(session))) return [];
  return [{ kind: "merged", session }];
}

/** Exit 0 needs nobody; that of an unreachable host is old news that its own row stands for. */
function programNeeds(session: SessionView): Need[] {
  if (session.phase !== "active") return [];
  return session.terminals.flatMap((terminal): Need[] => {
    const { exit, state } = terminal;
    if (state !== "exited" || exit === null || (exit.reason === "exited" && exit.code === 0)) return [];
    return [{ kind: "program-ended", session, terminal, exit }];
  });
}

function troubleNeeds(data: LiveData): Need[] {
  return Object.values(data.repositories).flatMap((repository): Need[] => {
    const { trouble } = repository.hostState;
    return trouble === null
      ? []
      : [{ kind: "pod-trouble", repository, trouble, sessions: data.counts.byRepository[repository.id] ?? 0 }];
  });
}

/** A pod on its way up comes by itself, or has a row of its own that says what is wrong. */
function unreachableNeeds(data: LiveData, sessions: SessionView[]): Need[] {
  const away = sessions.filter(({ phase, hostState }) => phase === "unreachable" && hostState.state === "unreachable");
  const places = new Map<string, SessionView[]>();
  for (const session of away) {
    const where = placeOf(data, session);
    places.set(where, [...(places.get(where) ?? []), session]);
  }
  return [...places].map(([where, mine]): Need => {
    const seen = where === "local" || where === "kubernetes" ? data.hosts[where] : mine[0]?.hostState;
    return {
      kind: "unreachable",
      where,
      since: seen?.since ?? null,
      reason: seen?.reason ?? mine[0]?.phaseDetail ?? "The host does not answer",
      sessions: mine,
    };
  });
}

/** This machine, the whole cluster where it is away, else the one pod. */
function placeOf(data: LiveData, { host, repositoryId }: SessionView): string {
  return host === "local" || data.hosts[host]?.state === "unreachable" ? host : repositoryId;
}

function cloneNeeds(data: LiveData): Need[] {
  return Object.values(data.repositories)
    .filter(({ clone }) => clone.state === "failed")
    .map((repository) => ({
      kind: "clone-failed",
      repository,
      reason: repository.clone.detail ?? "git gave no reason",
    }));
}
