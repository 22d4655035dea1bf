import type { LiveData } from "@/components/live/fold-event";
import type { HostStateView, RepositoryView, SessionView, TerminalView } from "@/server/protocol/api";

/** Something that waits for the person, with all that its row and its actions need. */
export type Need =
  | { kind: "failed"; session: SessionView; reason: string }
  | { kind: "end-refused"; session: SessionView; reason: string }
  | { kind: "unreachable"; host: HostStateView["kind"]; since: string | null; reason: string; sessions: SessionView[] }
  | { kind: "program-ended"; session: SessionView; terminal: TerminalView; exit: NonNullable<TerminalView["exit"]> }
  | { kind: "clone-failed"; repository: RepositoryView; reason: string };

/** What needs the person first, worst first; within a kind the newest session first. One row per unreachable host. */
export function needsYou(data: LiveData): Need[] {
  const sessions = Object.values(data.sessions)
    .filter(({ state }) => state === "active")
    .sort(newestFirst);
  return [
    ...sessions.flatMap(failedNeed),
    ...unreachableNeeds(data, sessions),
    ...sessions.flatMap(refusedNeed),
    ...cloneNeeds(data),
    ...sessions.flatMap(programNeeds),
  ];
}

/** A name that stays the same while the need does. */
export function needKey(need: Need): string {
  switch (need.kind) {
    case "failed":
    case "end-refused":
      return `${need.kind}:${need.session.id}`;
    case "unreachable":
      return `unreachable:${need.host}`;
    case "program-ended":
      return `program-ended:${need.terminal.id}`;
    case "clone-failed":
      return `clone-failed:${need.repository.id}`;
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

/** Exit 0 needs nobody; that of an unreachable host is old news that its own row stands for. */
function programNeeds(session: SessionView): Need[] {
  if (session.phase !== "active") return [];
  return session.terminals.flatMap((terminal): Need[] => {
    const { exit, state } = terminal;
    if (state !== "exited" || exit === null || (exit.reason === "exited" && exit.code === 0)) return [];
    return [{ kind: "program-ended", session, terminal, exit }];
  });
}

function unreachableNeeds(data: LiveData, sessions: SessionView[]): Need[] {
  const away = sessions.filter(({ phase }) => phase === "unreachable");
  return [...new Set(away.map(({ host }) => host))].map((host): Need => {
    const mine = away.filter((session) => session.host === host);
    const seen = data.hosts[host];
    return {
      kind: "unreachable",
      host,
      since: seen?.since ?? null,
      reason: seen?.reason ?? mine[0]?.phaseDetail ?? "The host does not answer",
      sessions: mine,
    };
  });
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
