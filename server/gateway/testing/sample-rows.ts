import { defaultRepositorySettings, type Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import type { Terminal } from "../../domain/terminal";
import type { User } from "../../domain/user";
import type { SessionReading } from "../../sessions/sessions";
import type { TerminalReading } from "../../terminals/terminals";

const then = new Date("2026-01-02T03:04:05.678Z");

export const sampleUser: User = {
  id: "user-1",
  username: "ada",
  name: "Ada",
  email: "ada@example.com",
  role: "admin",
  createdAt: then,
};

export function sampleRepository(patch: Partial<Repository> = {}): Repository {
  return {
    id: "repo-1",
    userId: sampleUser.id,
    name: "engine",
    cloneUrl: "https://example.com/engine.git",
    host: "local",
    forgeId: null,
    defaultBranch: "main",
    settings: defaultRepositorySettings,
    createdAt: then,
    clonedAt: then,
    cloneFailure: null,
    deletingAt: null,
    ...patch,
  };
}

export function sampleSession(patch: Partial<Session> = {}): Session {
  return {
    id: "session-1",
    shortId: "abcd1234",
    title: "Engine",
    userId: sampleUser.id,
    username: sampleUser.username,
    repositoryId: "repo-1",
    host: "local",
    branch: "session/ada/abcd1234",
    base: null,
    baseBranch: "main",
    baseSha: "0".repeat(40),
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
    createdAt: then,
    endedAt: null,
    seenAt: then,
    ...patch,
  };
}

export function sampleReading(patch: Partial<SessionReading> = {}): SessionReading {
  return {
    session: sampleSession(),
    worktree: null,
    phase: "active",
    phaseDetail: null,
    steps: [],
    setAsideUntil: null,
    ...patch,
  };
}

export function sampleTerminal(patch: Partial<Terminal> = {}): TerminalReading {
  const terminal: Terminal = {
    id: "terminal-1",
    sessionId: "session-1",
    kind: "shell",
    title: null,
    programTitle: "vim",
    command: null,
    cols: 80,
    rows: 24,
    position: 0,
    epoch: "e1",
    exit: null,
    createdAt: then,
    restedAt: null,
    closedAt: null,
    ...patch,
  };
  return { terminal, title: "vim", state: "running" };
}
