import { randomBytes, randomUUID } from "node:crypto";
import type { Notification } from "../domain/notification";
import { defaultRepositorySettings, type Repository } from "../domain/repository";
import type { Session, Worktree } from "../domain/session";
import type { Terminal } from "../domain/terminal";
import type { User } from "../domain/user";

const bornAt = new Date("2026-01-02T03:04:05.678Z");

/** Rows as the rooms make them, each with ids of its own; a test says what matters to it. */
export function sampleUser(own: Partial<User> = {}): User {
  const id = randomUUID();
  return { id, username: `ada-${id}`, name: "Ada", email: "ada@example.com", role: "admin", createdAt: bornAt, ...own };
}

export function sampleRepository(userId: string, own: Partial<Repository> = {}): Repository {
  const id = randomUUID();
  return {
    id,
    userId,
    name: "engine",
    cloneUrl: `https://example.com/${id}.git`,
    host: "local",
    forgeId: null,
    defaultBranch: "main",
    settings: structuredClone(defaultRepositorySettings),
    createdAt: bornAt,
    clonedAt: null,
    cloneFailure: null,
    deletingAt: null,
    ...own,
  };
}

export function sampleSession(repository: Pick<Repository, "id" | "userId">, own: Partial<Session> = {}): Session {
  const shortId = randomBytes(4).toString("hex");
  return {
    id: randomUUID(),
    shortId,
    title: "A session",
    userId: repository.userId,
    username: "ada",
    repositoryId: repository.id,
    host: "local",
    branch: `session/ada/${shortId}`,
    base: null,
    baseBranch: null,
    baseSha: null,
    wanted: "active",
    creation: [],
    failure: null,
    ending: null,
    endingSteps: [],
    endRefusal: null,
    rescueRefs: [],
    pushedBranches: [],
    restoredFromId: null,
    adoptedFrom: null,
    createdAt: bornAt,
    endedAt: null,
    seenAt: null,
    ...own,
  };
}

export function sampleWorktree(session: Session, own: Partial<Worktree> = {}): Worktree {
  return {
    id: randomUUID(),
    sessionId: session.id,
    repositoryId: session.repositoryId,
    path: `/worktrees/${session.shortId}`,
    branch: session.branch,
    madeAt: null,
    setAsidePath: null,
    setAsideAt: null,
    purged: null,
    ...own,
  };
}

export function sampleTerminal(sessionId: string, own: Partial<Terminal> = {}): Terminal {
  return {
    id: randomUUID(),
    sessionId,
    kind: "shell",
    title: null,
    programTitle: null,
    command: null,
    cols: 80,
    rows: 24,
    position: 0,
    epoch: null,
    exit: null,
    createdAt: bornAt,
    restedAt: null,
    closedAt: null,
    ...own,
  };
}

export function sampleNotification(userId: string, own: Partial<Notification> = {}): Notification {
  return {
    id: randomUUID(),
    userId,
    sessionId: null,
    kind: "session-failed",
    title: "A session failed",
    body: "git said no",
    createdAt: bornAt,
    readAt: null,
    ...own,
  };
}
