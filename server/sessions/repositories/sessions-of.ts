import type { Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";

/** All of a repository, newest first, page after page. */
export async function sessionsOf(
  deps: Pick<SessionDeps, "sessions">,
  repository: Repository,
  state: "active" | "ended",
): Promise<Session[]> {
  const found: Session[] = [];
  let cursor: string | null = null;
  do {
    const { items, nextCursor } = await deps.sessions.list({
      userId: repository.userId,
      repositoryId: repository.id,
      state,
      limit: 200,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...items);
    cursor = nextCursor;
  } while (cursor !== null);
  return found;
}
