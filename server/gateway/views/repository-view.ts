import type { Repository } from "../../domain/repository";
import type { RepositoryHostView, RepositoryView } from "../../protocol/api";
import type { CloneProgress } from "../../sessions/repositories";

type Around = {
  progress: CloneProgress | null;
  hostState: RepositoryHostView;
  activeSessions: number;
  pullTrouble: { reason: string; since: Date } | null;
};

export function repositoryView(repository: Repository, around: Around): RepositoryView {
  return {
    id: repository.id,
    name: repository.name,
    cloneUrl: repository.cloneUrl,
    host: repository.host,
    hostState: around.hostState,
    forgeId: repository.forgeId,
    defaultBranch: repository.defaultBranch,
    settings: repository.settings,
    pullTrouble: around.pullTrouble && {
      reason: around.pullTrouble.reason,
      since: around.pullTrouble.since.toISOString(),
    },
    clone: cloneView(repository, around.progress),
    activeSessions: around.activeSessions,
    createdAt: repository.createdAt.toISOString(),
  };
}

/** A clone that is tried again after a failure is `cloning` as soon as git prints something. */
function cloneView(repository: Repository, progress: CloneProgress | null): RepositoryView["clone"] {
  const clonedAt = repository.clonedAt?.toISOString() ?? null;
  const moving = { detail: progress?.detail ?? null, percent: wholePercent(progress), clonedAt };
  if (repository.deletingAt) return { state: "deleting", ...moving };
  if (repository.clonedAt) return { state: "ready", ...moving };
  if (repository.cloneFailure && !progress)
    return { state: "failed", detail: repository.cloneFailure.reason, percent: null, clonedAt };
  return { state: "cloning", ...moving };
}

function wholePercent(progress: CloneProgress | null): number | null {
  return progress?.percent == null ? null : Math.round(progress.percent);
}
