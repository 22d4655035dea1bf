import type { Login } from "../accounts/account-store";
import { AppError } from "../domain/app-error";
import type { Channel, Destination } from "../domain/channel";
import type { Forge } from "../domain/forge";
import type { LossLook } from "../domain/loss";
import type { Notification, NotificationKind } from "../domain/notification";
import type { Nudge, Pull } from "../domain/pull";
import type { Repository } from "../domain/repository";
import type { Session, Worktree } from "../domain/session";
import type { Terminal } from "../domain/terminal";
import type { User } from "../domain/user";
import { decodePageCursor, type PageKey, toPage } from "../kit/page-cursor";
import type { Claim, RepositoryLook } from "../pulls/pull-store";

export type MemoryLink = { tokenHash: string; userId: string; expiresAt: Date; usedAt: Date | null };
export type MemoryDelivery = { channelId: string; notificationId: string; attempts: number; dueAt: Date };

/** The rows that memory stores share, as the tables of one database do. No foreign keys: a test fills what it needs. */
export class MemoryTables {
  readonly users = new Map<string, User>();
  readonly links = new Map<string, MemoryLink>();
  readonly logins = new Map<string, Login>();
  readonly repositories = new Map<string, Repository>();
  readonly secrets = new Map<string, string>();
  readonly sessions = new Map<string, Session>();
  readonly worktrees = new Map<string, Worktree>();
  readonly losses = new Map<string, LossLook>();
  readonly terminals = new Map<string, Terminal>();
  readonly notifications = new Map<string, Notification>();
  readonly channels = new Map<string, Channel>();
  readonly destinations = new Map<string, Destination>();
  readonly deliveries = new Map<string, MemoryDelivery>();
  readonly muted = new Map<string, NotificationKind[]>();
  readonly forges = new Map<string, Forge>();
  readonly forgeSecrets = new Map<string, { token: string; webhookSecret: string }>();
  readonly pulls = new Map<string, Pull>();
  readonly made = new Map<string, { sessionId: string; sha: string }>();
  readonly pullLooks = new Map<string, RepositoryLook>();
  readonly pullClaims = new Map<string, Claim & { at: Date }>();
  readonly nudges = new Map<string, Nudge>();
}

/** Copies on the way in and out: a caller that changes what it got changes no row. */
export function copyOf<Row>(row: Row | undefined): Row | null {
  return row === undefined ? null : structuredClone(row);
}

export function copiesOf<Row>(rows: Iterable<Row>, keep: (row: Row) => boolean): Row[] {
  return [...rows].filter(keep).map((row) => structuredClone(row));
}

export function patchRow<Row extends { id: string }>(
  rows: Map<string, Row>,
  id: string,
  patch: Partial<NoInfer<Row>>,
): Row {
  const row = rows.get(id);
  if (!row) throw new AppError("not-found", `${id} is no longer there`);
  const patched = { ...row, ...structuredClone(patch) };
  rows.set(id, patched);
  return structuredClone(patched);
}

export function pageOf<Row extends PageKey>(rows: Row[], page: { limit: number; cursor?: string }) {
  const after = page.cursor === undefined ? null : decodePageCursor(page.cursor);
  const sorted = rows.sort((a, b) => compare(b, a)).filter((row) => after === null || compare(row, after) < 0);
  return toPage(sorted.slice(0, page.limit + 1), page.limit);
}

function compare(a: PageKey, b: PageKey): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
