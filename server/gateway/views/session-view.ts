import type { SessionView, StepView } from "../../protocol/api";
import type { SessionPulls } from "../../pulls/pulls";
import type { SessionReading, StepState } from "../../sessions/sessions";
import type { TerminalReading } from "../../terminals/terminals";
import { hostStateView, type RepositoryHost } from "./host-view";
import { nudgeView, pullView } from "./pull-view";
import { terminalView } from "./terminal-view";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The contract's session. Terminals stand as arranged; that of the setup script is named apart, for it is no tab. */
export function sessionView(
  reading: SessionReading,
  around: {
    repositoryName: string;
    host: RepositoryHost;
    terminals: TerminalReading[];
    pulls: SessionPulls | null;
  },
): SessionView {
  const { session, worktree } = reading;
  const setup = around.terminals.find(({ terminal }) => terminal.kind === "setup");
  const shells = around.terminals.filter(({ terminal }) => terminal.kind === "shell");
  return {
    id: session.id,
    shortId: session.shortId,
    title: session.title,
    repositoryId: session.repositoryId,
    repositoryName: around.repositoryName,
    userId: session.userId,
    username: session.username,
    host: session.host,
    hostState: hostStateView(session.host, around.host.state),
    branch: session.branch,
    baseBranch: session.baseBranch,
    baseSha: session.baseSha,
    worktreePath: worktree?.path ?? null,
    podName: around.host.facts.podName,
    state: reading.phase === "ended" ? "ended" : "active",
    phase: reading.phase,
    phaseDetail: reading.phaseDetail,
    steps: reading.steps.map(stepView),
    failure: session.failure && { ...session.failure, at: session.failure.at.toISOString() },
    endRefusal: session.endRefusal && { reason: session.endRefusal.reason, at: session.endRefusal.at.toISOString() },
    setupTerminalId: setup?.terminal.id ?? null,
    status: around.pulls?.status.status ?? null,
    statusReason: around.pulls?.status.reason ?? null,
    costUsd: "0",
    createdAt: session.createdAt.toISOString(),
    endedAt: iso(session.endedAt),
    seenAt: iso(session.seenAt),
    rescueRefs: session.rescueRefs,
    setAsidePath: worktree?.purged ? null : (worktree?.setAsidePath ?? null),
    setAsideUntil: worktree?.purged ? null : iso(reading.setAsideUntil),
    pushedBranches: session.pushedBranches,
    restoredFromId: session.restoredFromId,
    terminals: shells.map(terminalView),
    chats: [],
    prs: (around.pulls?.own ?? []).map(pullView),
    prsAround: (around.pulls?.around ?? []).map(pullView),
    pullHints: around.pulls?.hints ?? [],
    nudges: (around.pulls?.nudges ?? []).map(nudgeView),
  };
}

function stepView(step: StepState): StepView {
  return { ...step, startedAt: iso(step.startedAt), endedAt: iso(step.endedAt) };
}
