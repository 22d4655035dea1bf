import type { SessionView } from "@/server/protocol/api";
import type { OpenPullView } from "@/server/protocol/pulls";

/** Those that a session can be made from: of no fork, and on no branch that an active session works on. */
export function adoptablePulls(
  pulls: readonly OpenPullView[],
  sessions: readonly Pick<SessionView, "repositoryId" | "state" | "branch">[],
  repositoryId: string | undefined,
): OpenPullView[] {
  const active = sessions.filter((each) => each.state === "active" && each.repositoryId === repositoryId);
  const taken = new Set(active.map(({ branch }) => branch));
  return pulls.filter(({ inFork, headRef }) => !inFork && !taken.has(headRef));
}
