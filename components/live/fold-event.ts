import { assertNever } from "../../server/domain/assert-never";
import type { HostStateView, NotificationView, RepositoryView, SessionView } from "../../server/protocol/api";
import type { Counts, ServerEvent } from "../../server/protocol/events";

/** All that the event socket has told, by id. */
export type LiveData = {
  sessions: Readonly<Record<string, SessionView>>;
  repositories: Readonly<Record<string, RepositoryView>>;
  hosts: Readonly<Partial<Record<HostStateView["kind"], HostStateView>>>;
  /** Newest first, at most `keptNotifications`: older ones are one request away. */
  notifications: readonly NotificationView[];
  counts: Counts;
};

const keptNotifications = 100;

/** What is known after an event. Events may come twice: each carries the whole thing it is about. */
export function foldEvent(data: LiveData | null, event: ServerEvent): LiveData | null {
  if (event.type === "snapshot") return fromSnapshot(event);
  // A change before the first snapshot has nothing to change; the snapshot that follows holds it.
  if (data === null) return null;
  switch (event.type) {
    case "session":
      return { ...data, sessions: { ...data.sessions, [event.session.id]: event.session } };
    case "session-removed":
      return { ...data, sessions: without(data.sessions, event.sessionId) };
    case "repository":
      return { ...data, repositories: { ...data.repositories, [event.repository.id]: event.repository } };
    case "repository-removed":
      return { ...data, repositories: without(data.repositories, event.repositoryId) };
    case "notification":
      return { ...data, notifications: withNotification(data.notifications, event.notification) };
    case "host":
      return { ...data, hosts: { ...data.hosts, [event.host.kind]: event.host } };
    case "counts":
      return { ...data, counts: event.counts };
    // The session that comes right after it has it too.
    case "pr":
    case "pong":
      return data;
    default:
      return assertNever(event);
  }
}

/** Puts the server's answer to a POST beside what events told, without undoing a newer event. */
export function learnSession(data: LiveData | null, session: SessionView): LiveData | null {
  if (data === null || session.id in data.sessions) return data;
  return { ...data, sessions: { ...data.sessions, [session.id]: session } };
}

/** The same for a repository. */
export function learnRepository(data: LiveData | null, repository: RepositoryView): LiveData | null {
  if (data === null || repository.id in data.repositories) return data;
  return { ...data, repositories: { ...data.repositories, [repository.id]: repository } };
}

function fromSnapshot(event: Extract<ServerEvent, { type: "snapshot" }>): LiveData {
  return {
    sessions: byId(event.sessions),
    repositories: byId(event.repositories),
    hosts: Object.fromEntries(event.hosts.map((host) => [host.kind, host])),
    notifications: event.notifications.reduce<readonly NotificationView[]>(withNotification, []),
    counts: event.counts,
  };
}

function withNotification(list: readonly NotificationView[], one: NotificationView): readonly NotificationView[] {
  return [one, ...list.filter(({ id }) => id !== one.id)]
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, keptNotifications);
}

function byId<T extends { id: string }>(items: readonly T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}

function without<T>(record: Readonly<Record<string, T>>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
}
