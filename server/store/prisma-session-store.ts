import { z } from "zod";
import type { Session } from "../domain/session";
import { containsText } from "../kit/contains-text";
import { toPage } from "../kit/page-cursor";
import type { Page, SessionFilter, SessionPatch, SessionStore } from "../sessions/session-store";
import { toColumns } from "./columns";
import { type Database, orConflict, orNotFound } from "./database";
import { newestFirst } from "./newest-first";
import { sessionJson, sessionRow } from "./session-row";

const sessions = z.array(sessionRow);

/** How many rows a search looks at in one query. */
const searchStep = 500;

export class PrismaSessionStore implements SessionStore {
  constructor(private readonly database: Database) {}

  async create(session: Session): Promise<void> {
    const write = this.database.session.create({ data: toColumns(session, sessionJson) });
    await orConflict(write, `the session ${session.shortId} exists already`);
  }

  async get(id: string): Promise<Session | null> {
    return sessionRow.nullable().parse(await this.database.session.findUnique({ where: { id } }));
  }

  async getFor(userId: string, id: string): Promise<Session | null> {
    return sessionRow.nullable().parse(await this.database.session.findUnique({ where: { id, userId } }));
  }

  async list(filter: SessionFilter): Promise<Page<Session>> {
    const { q, limit } = filter;
    if (q === undefined) return toPage(await this.#read(filter), limit);
    // Looked through here: the two databases differ in what they take for upper and lower case.
    const found: Session[] = [];
    let step: Page<Session> = { items: [], nextCursor: filter.cursor ?? null };
    do {
      const from = step.nextCursor === null ? {} : { cursor: step.nextCursor };
      step = toPage(await this.#read({ ...filter, ...from, limit: searchStep }), searchStep);
      found.push(...step.items.filter(({ title, branch, shortId }) => containsText(q, [title, branch, shortId])));
    } while (step.nextCursor !== null && found.length <= limit);
    return toPage(found, limit);
  }

  async listUnfinished(): Promise<Session[]> {
    const rows = await this.database.session.findMany({ where: { endedAt: null }, orderBy: { createdAt: "asc" } });
    return sessions.parse(rows);
  }

  async countActive(userId: string): Promise<{ repositoryId: string; count: number }[]> {
    const by = { by: ["repositoryId" as const], where: { userId, endedAt: null }, _count: { _all: true as const } };
    const groups = await this.database.session.groupBy(by);
    return groups.map(({ repositoryId, _count }) => ({ repositoryId, count: _count._all }));
  }

  async update(id: string, patch: SessionPatch): Promise<Session> {
    const write = this.database.session.update({ where: { id }, data: toColumns(patch, sessionJson) });
    return sessionRow.parse(await orNotFound(write, `the session ${id} is no longer there`));
  }

  async #read({ userId, repositoryId, state, ...page }: SessionFilter): Promise<Session[]> {
    const { where, ...order } = newestFirst(page);
    const filter = {
      userId,
      ...(repositoryId === undefined ? {} : { repositoryId }),
      ...(state === undefined ? {} : { endedAt: state === "active" ? null : { not: null } }),
    };
    return sessions.parse(await this.database.session.findMany({ where: { AND: [filter, where] }, ...order }));
  }
}
