import { randomBytes } from "node:crypto";
import { AppError } from "../../domain/app-error";
import type { HostRef } from "../../domain/host";
import type { User } from "../../domain/user";
import type { Changes } from "../../kit/changes";
import type { SessionView } from "../../protocol/api";
import type { GatewayDeps } from "../deps";
import { notificationView } from "../views/notification-view";
import { type ViewReader, viewReader } from "../views/view-reader";
import { Channel } from "./channel";
import { readActive, readCounts, readRepositories, readSnapshot } from "./read-snapshot";

const coalesceMs = 50;
const retryMs = 1_000;
const keepIdleMs = 5 * 60_000;
const newestNotifications = 50;

/** One user's channel, and what its viewers were told, so that a thing that is gone is taken back from them. */
type Desk = {
  user: User;
  channel: Channel;
  told: Set<string>;
  /** Of each session, its own pull requests as they were told, by id. */
  pulls: Map<string, ReadonlyMap<string, string>>;
  read: Map<string, string>;
  counts: string;
  leftAt: number;
};

/**
 * Turns hints that something was written into events: reads it again and tells that user's viewers. Hints come
 * together for 50 ms and are worked off one after another, so an older reading is never told after a newer one.
 */
export class EventHub implements Changes {
  readonly #desks = new Map<string, Desk>();
  readonly #boot = randomBytes(6).toString("hex");
  readonly #views: ViewReader;
  #pending = emptyHints();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | null = null;
  #closed = false;

  constructor(readonly deps: GatewayDeps) {
    this.#views = viewReader(deps);
  }

  session(sessionId: string): void {
    this.#pending.sessions.add(sessionId);
    this.#wake(coalesceMs);
  }

  repository(repositoryId: string): void {
    this.#pending.repositories.add(repositoryId);
    this.#wake(coalesceMs);
  }

  notification(userId: string): void {
    this.#pending.notifications.add(userId);
    this.#wake(coalesceMs);
  }

  /** A host came or went: every reading that is derived from its state is another now. Null is the cluster itself. */
  host(ref: HostRef | null): void {
    if (ref?.kind === "kubernetes") this.#pending.pods.add(ref.repositoryId);
    else this.#pending.hosts = true;
    this.#wake(coalesceMs);
  }

  channelOf(user: User): Channel {
    return this.#deskOf(user).channel;
  }

  /** The text of a snapshot that goes on at the position it was begun at: what happens meanwhile is told after it. */
  async snapshot(user: User): Promise<{ text: string; position: number }> {
    const desk = this.#deskOf(user);
    const position = desk.channel.head;
    const snapshot = await readSnapshot(user, this.deps, this.#views);
    for (const { id } of [...snapshot.sessions, ...snapshot.repositories]) desk.told.add(id);
    for (const { id, prs } of snapshot.sessions) desk.pulls.set(id, textsOf(prs));
    for (const { id, readAt } of snapshot.notifications) desk.read.set(id, `${readAt}`);
    return { text: JSON.stringify({ ...snapshot, cursor: desk.channel.cursor(position) }), position };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  #deskOf(user: User): Desk {
    const desk = this.#desks.get(user.id) ?? {
      user,
      channel: new Channel(this.#boot),
      told: new Set(),
      pulls: new Map(),
      read: new Map(),
      counts: "",
      leftAt: 0,
    };
    desk.leftAt = this.deps.now().getTime();
    this.#desks.set(user.id, desk);
    return desk;
  }

  #wake(delayMs: number): void {
    if (this.#closed || this.#timer !== undefined || this.#working) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#working = this.#work().finally(() => {
        this.#working = null;
        if (!isEmpty(this.#pending)) this.#wake(coalesceMs);
      });
    }, delayMs);
  }

  async #work(): Promise<void> {
    const hints = this.#pending;
    this.#pending = emptyHints();
    this.#forgetIdle();
    for (const desk of this.#desks.values()) {
      await this.#tell(desk, hints).catch((error: unknown) => {
        this.deps.log.warn("a change could not be told: it is looked at again", { userId: desk.user.id, error });
        this.#again(hints);
      });
    }
  }

  async #tell(desk: Desk, hints: Hints): Promise<void> {
    if (hints.hosts) await this.#tellHosts(desk);
    for (const id of hints.pods) await this.#tellPod(desk, id);
    for (const id of hints.repositories) await this.#tellRepository(desk, id);
    for (const id of hints.sessions) await this.#tellSession(desk, id);
    if (hints.notifications.has(desk.user.id)) await this.#tellNotifications(desk);
    const counts = await readCounts(desk.user, this.deps);
    const text = JSON.stringify(counts);
    if (text !== desk.counts) desk.channel.push({ type: "counts", counts });
    desk.counts = text;
  }

  async #tellSession(desk: Desk, id: string): Promise<void> {
    const reading = await ifThere(this.deps.sessions.get(desk.user, id));
    if (reading) {
      desk.told.add(id);
      tellSession(desk, await this.#views.session(desk.user, reading));
    } else if (desk.told.delete(id)) {
      desk.pulls.delete(id);
      desk.channel.push({ type: "session-removed", sessionId: id });
    }
  }

  async #tellRepository(desk: Desk, id: string): Promise<void> {
    const row = await ifThere(this.deps.repositories.get(desk.user, id));
    if (row) {
      desk.told.add(id);
      desk.channel.push({ type: "repository", repository: await this.#views.repository(desk.user, row) });
    } else if (desk.told.delete(id)) desk.channel.push({ type: "repository-removed", repositoryId: id });
  }

  async #tellNotifications(desk: Desk): Promise<void> {
    const { items } = await this.deps.notifications.list(desk.user.id, { limit: newestNotifications });
    const views = items.map(notificationView);
    const changed = views.filter(({ id, readAt }) => desk.read.get(id) !== `${readAt}`);
    desk.read = new Map(views.map(({ id, readAt }) => [id, `${readAt}`]));
    for (const notification of changed.toReversed()) desk.channel.push({ type: "notification", notification });
  }

  async #tellHosts(desk: Desk): Promise<void> {
    for (const host of this.#views.hosts()) desk.channel.push({ type: "host", host });
    const rows = await readRepositories(desk.user, this.deps);
    for (const repository of await this.#views.repositories(desk.user, rows))
      desk.channel.push({ type: "repository", repository });
    const active = await readActive(desk.user, this.deps);
    for (const session of await this.#views.sessions(desk.user, active)) tellSession(desk, session);
  }

  async #tellPod(desk: Desk, repositoryId: string): Promise<void> {
    await this.#tellRepository(desk, repositoryId);
    const active = await readActive(desk.user, this.deps, { repositoryId });
    for (const session of await this.#views.sessions(desk.user, active)) tellSession(desk, session);
  }

  /** After a pause, for a look that failed says nothing about the thing. */
  #again(hints: Hints): void {
    for (const id of hints.sessions) this.#pending.sessions.add(id);
    for (const id of hints.repositories) this.#pending.repositories.add(id);
    for (const id of hints.pods) this.#pending.pods.add(id);
    for (const id of hints.notifications) this.#pending.notifications.add(id);
    this.#pending.hosts ||= hints.hosts;
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#wake(0);
    }, retryMs);
  }

  /** Who comes back within five minutes goes on from the cursor; after that it is a snapshot. */
  #forgetIdle(): void {
    const now = this.deps.now().getTime();
    for (const [userId, desk] of this.#desks) {
      if (desk.channel.viewers > 0) desk.leftAt = now;
      else if (now - desk.leftAt > keepIdleMs) this.#desks.delete(userId);
    }
  }
}

/** Each of its pull requests that is another than it was told, then the session with all of them. */
function tellSession(desk: Desk, session: SessionView): void {
  const before = desk.pulls.get(session.id);
  const now = textsOf(session.prs);
  desk.pulls.set(session.id, now);
  const changed = before ? session.prs.filter(({ id }) => before.get(id) !== now.get(id)) : [];
  for (const pr of changed) desk.channel.push({ type: "pr", sessionId: session.id, pr });
  desk.channel.push({ type: "session", session });
}

const textsOf = (prs: SessionView["prs"]): Map<string, string> => new Map(prs.map((pr) => [pr.id, JSON.stringify(pr)]));

type Hints = {
  sessions: Set<string>;
  repositories: Set<string>;
  notifications: Set<string>;
  /** Ids of repositories whose pod is in another state now. */
  pods: Set<string>;
  hosts: boolean;
};

const emptyHints = (): Hints => ({
  sessions: new Set(),
  repositories: new Set(),
  notifications: new Set(),
  pods: new Set(),
  hosts: false,
});

const isEmpty = (hints: Hints) =>
  hints.sessions.size + hints.repositories.size + hints.notifications.size + hints.pods.size === 0 && !hints.hosts;

/** Only `not-found` means that it is not there for this user; every other failure is a look that failed. */
async function ifThere<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (AppError.is(error) && error.code === "not-found") return null;
    throw error;
  }
}
