import type { RescueView } from "../../protocol/api";
import type { RepositoryRemains } from "../../sessions/repositories";

const dayMs = 86_400_000;

/** `keepEndedDays` is the repository's: the directory goes by itself that long after it was set aside. */
export function rescueView(
  { session, refs, worktree }: RepositoryRemains["rescues"][number],
  keepEndedDays: number,
): RescueView {
  const kept = worktree?.purged ? null : worktree;
  const setAsideAt = kept?.setAsideAt ?? null;
  return {
    sessionId: session.id,
    shortId: session.shortId,
    title: session.title,
    endedAt: (session.endedAt ?? session.createdAt).toISOString(),
    rescueRefs: refs.map(({ ref, sha, subject }) => ({ ref, sha, subject })),
    setAsidePath: kept?.setAsidePath ?? null,
    setAsideUntil: setAsideAt && new Date(setAsideAt.getTime() + keepEndedDays * dayMs).toISOString(),
  };
}
