import type { User } from "../../domain/user";
import type { Counts, ServerEvent } from "../../protocol/events";
import type { SessionFilter } from "../../sessions/session-store";
import type { SessionReading } from "../../sessions/sessions";
import type { GatewayDeps } from "../deps";
import { notificationView } from "../views/notification-view";
import type { ViewReader } from "../views/view-reader";

const pageSize = 200;
const newestEnded = 50;
const newestNotifications = 50;
/** No page shows more, and a browser folds them all: beyond it the lists of the API are asked. */
const mostActive = 2000;

type Snapshot = Omit<Extract<ServerEvent, { type: "snapshot" }>, "cursor">;

export async function readCounts(user: User, deps: GatewayDeps): Promise<Counts> {
  const [active, unreadNotifications] = await Promise.all([
    deps.sessions.countActive(user.id),
    deps.notifications.countUnread(user.id),
  ]);
  return {
    activeSessions: active.reduce((sum, { count }) => sum + count, 0),
    byRepository: Object.fromEntries(active.map(({ repositoryId, count }) => [repositoryId, count])),
    unreadNotifications,
  };
}

export async function readActive(
  user: User,
  { sessions }: GatewayDeps,
  only: Pick<SessionFilter, "repositoryId"> = {},
): Promise<SessionReading[]> {
  return readAll(mostActive, (page) => {
    const filter: SessionFilter = { userId: user.id, state: "active", ...only, ...page };
    return sessions.list(filter);
  });
}

export async function readRepositories(user: User, { repositories }: GatewayDeps) {
  return readAll(mostActive, (page) => repositories.list(user, page));
}

/** All that the pages show of one user's things, as it is now. */
export async function readSnapshot(user: User, deps: GatewayDeps, views: ViewReader): Promise<Snapshot> {
  const [active, ended, repositories, notifications, counts] = await Promise.all([
    readActive(user, deps),
    deps.sessions.list({ userId: user.id, state: "ended", limit: newestEnded }),
    readRepositories(user, deps),
    deps.notifications.list(user.id, { limit: newestNotifications }),
    readCounts(user, deps),
  ]);
  const [sessionViews, repositoryViews] = await Promise.all([
    views.sessions(user, [...active, ...ended.items]),
    views.repositories(user, repositories),
  ]);
  return {
    type: "snapshot",
    sessions: sessionViews,
    repositories: repositoryViews,
    hosts: views.hosts(),
    notifications: notifications.items.map(notificationView),
    counts,
  };
}

type PageOf<T> = { items: T[]; nextCursor: string | null };

async function readAll<T>(most: number, read: (page: { limit: number; cursor?: string }) => Promise<PageOf<T>>) {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: PageOf<T> = await read(cursor === null ? { limit: pageSize } : { limit: pageSize, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < most);
  return items;
}
