import { hostRefOf } from "../domain/host";
import type { Repository } from "../domain/repository";
import type { Session, Worktree } from "../domain/session";
import { endedDetail } from "./ending/ended-detail";
import type { HostState } from "./host";
import { hostStateOf } from "./host-state-of";
import { phaseOf } from "./phase-of";
import type { Clones } from "./repositories/clones";
import type { SessionDeps } from "./session-deps";
import type { SessionReading, StepState } from "./sessions";
import { stepStates } from "./step-states";

const dayMs = 86_400_000;

/** Derives from stored facts and what is known in memory; asks no host. */
export async function readSession(deps: SessionDeps, clones: Clones, session: Session): Promise<SessionReading> {
  const [worktree, repository] = await Promise.all([
    deps.worktrees.getBySession(session.id),
    deps.repositories.get(session.repositoryId),
  ]);
  const host = hostStateOf(deps, hostRefOf(session));
  const phase = phaseOf(session, host);
  const steps = withCloneProgress(stepStates(session), clones, session.repositoryId);
  return {
    session,
    worktree,
    phase,
    phaseDetail: detailOf(session, { phase, host, steps }),
    steps,
    setAsideUntil: setAsideUntil(worktree, repository),
  };
}

function withCloneProgress(steps: StepState[], clones: Clones, repositoryId: string): StepState[] {
  const progress = clones.progress(repositoryId);
  if (progress === null) return steps;
  return steps.map((step) =>
    step.step === "clone" && step.state === "running" ? { ...step, detail: progress.detail } : step,
  );
}

function detailOf(
  session: Session,
  { phase, host, steps }: { phase: SessionReading["phase"]; host: HostState; steps: StepState[] },
): string | null {
  if (phase === "unreachable") return hostDetail(host);
  if (phase === "failed") return session.failure?.reason ?? null;
  if (phase === "ended") return endedDetail(session);
  if (phase === "active") return host.kind === "suspended" ? hostDetail(host) : null;
  if (host.kind === "starting") return hostDetail(host);
  const step = steps.find(({ state }) => state === "running") ?? steps.find(({ state }) => state === "waiting");
  if (step === undefined || (phase !== "creating" && phase !== "ending")) return null;
  return step.detail === null ? step.title : `${step.title}: ${step.detail}`;
}

function hostDetail(host: HostState): string | null {
  switch (host.kind) {
    case "reachable":
      return null;
    case "starting":
      return host.trouble ?? host.detail;
    case "suspended":
      if (host.reason !== undefined) return `${host.reason}. Opening the session brings it up.`;
      return "Its pod rests, for nothing was running in it. Opening the session wakes it, with its files as they were.";
    case "unreachable":
      return host.reason;
  }
}

function setAsideUntil(worktree: Worktree | null, repository: Repository | null): Date | null {
  if (worktree?.setAsideAt == null || worktree.purged !== null || repository === null) return null;
  return new Date(worktree.setAsideAt.getTime() + repository.settings.keepEndedDays * dayMs);
}
