import { AppError } from "../domain/app-error";
import type { Session } from "../domain/session";
import { containsText } from "../kit/contains-text";
import type { Page, SessionFilter, SessionPatch, SessionStore } from "../sessions/session-store";
import { copiesOf, copyOf, MemoryTables, pageOf, patchRow } from "./memory-tables";

/** Sessions in memory. Stores that share `tables` see each other's rows. */
export class MemorySessions implements SessionStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(session: Session): Promise<void> {
    const taken = ({ id, shortId }: Session) => id === session.id || shortId === session.shortId;
    if ([...this.tables.sessions.values()].some(taken))
      throw new AppError("conflict", `the session ${session.shortId} exists already`);
    this.tables.sessions.set(session.id, structuredClone(session));
  }

  async get(id: string): Promise<Session | null> {
    return copyOf(this.tables.sessions.get(id));
  }

  async getFor(userId: string, id: string): Promise<Session | null> {
    const session = await this.get(id);
    return session?.userId === userId ? session : null;
  }

  async list(filter: SessionFilter): Promise<Page<Session>> {
    const wanted = (session: Session) =>
      session.userId === filter.userId &&
      (filter.repositoryId === undefined || session.repositoryId === filter.repositoryId) &&
      (filter.state === undefined || (session.endedAt === null) === (filter.state === "active")) &&
      (filter.q === undefined || containsText(filter.q, [session.title, session.branch, session.shortId]));
    return pageOf(copiesOf(this.tables.sessions.values(), wanted), filter);
  }

  async listUnfinished(): Promise<Session[]> {
    return copiesOf(this.tables.sessions.values(), ({ endedAt }) => endedAt === null);
  }

  async countActive(userId: string): Promise<{ repositoryId: string; count: number }[]> {
    const counts = new Map<string, number>();
    for (const session of this.tables.sessions.values())
      if (session.userId === userId && session.endedAt === null)
        counts.set(session.repositoryId, (counts.get(session.repositoryId) ?? 0) + 1);
    return [...counts].map(([repositoryId, count]) => ({ repositoryId, count }));
  }

  async update(id: string, patch: SessionPatch): Promise<Session> {
    return patchRow(this.tables.sessions, id, patch);
  }
}
