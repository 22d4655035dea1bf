import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { vi } from "vitest";
import { hostOfRepository } from "../../domain/host";
import type { Repository, RepositorySettings } from "../../domain/repository";
import type { Phase } from "../../domain/session";
import type { ProcessExit } from "../../domain/terminal";
import type { User } from "../../domain/user";
import { createFakeHost, type FakeHost } from "../../fakes/fake-host";
import { MemoryLosses } from "../../fakes/memory-losses";
import { MemoryRepositories } from "../../fakes/memory-repositories";
import { MemorySessions } from "../../fakes/memory-sessions";
import { MemoryTables } from "../../fakes/memory-tables";
import { MemoryWorktrees } from "../../fakes/memory-worktrees";
import type { Log } from "../../kit/log";
import { createRepositories } from "../create-repositories";
import { createSessions, type SessionsRoom } from "../create-sessions";
import type { Repositories } from "../repositories";
import { type Clones, createClones } from "../repositories/clones";
import type { SessionDeps } from "../session-deps";
import type { SessionTerminals } from "../session-terminals";
import type { SessionReading } from "../sessions";

export type Ground = {
  root: string;
  tables: MemoryTables;
  host: FakeHost;
  /** On this machine, wherever the host is. */
  run: FakeHost["run"];
  terminals: FakeTerminals;
  /** Errors that a room logged: what a test did not expect. */
  errors: string[];
  told: { kind: string; sessionId: string | null; body: string }[];
  close(): Promise<void>;
};

export type Room = {
  deps: SessionDeps;
  clones: Clones;
  repositories: Repositories;
  sessions: SessionsRoom;
  /** As a server that is killed: nothing more is begun, and what is under way is cut off. */
  kill(): Promise<void>;
};

type FakeTerminals = SessionTerminals & {
  first: Map<string, string>;
  attempts: Map<string, number[]>;
  /** Sessions that a browser looks at. */
  looked: Set<string>;
  /** Sessions whose shells were kept in mind, until `goOn`. */
  rested: Map<string, ReadonlySet<string>>;
};

export const ada: User = {
  id: "user-ada",
  username: "ada",
  name: "Ada",
  email: "ada@trellis.test",
  role: "admin",
  createdAt: new Date(0),
};

const run = promisify(execFile);

const ownEnv = {
  NODE_ENV: "test" as const,
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Eve",
  GIT_AUTHOR_EMAIL: "eve@trellis.test",
  GIT_COMMITTER_NAME: "Eve",
  GIT_COMMITTER_EMAIL: "eve@trellis.test",
};

/** Git as a test uses it, apart from the rooms. Gives what it printed, trimmed. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd, env: ownEnv });
  return stdout.trim();
}

/** A real repository with one commit on `main`. */
export async function makeOrigin(root: string, name = "origin"): Promise<string> {
  const path = join(root, name);
  await run("git", ["init", "--quiet", "--initial-branch=main", path]);
  await git(path, "commit", "--quiet", "--allow-empty", "-m", "first");
  return path;
}

/** What survives a server: rows, the host, programs. Rooms are built on it, one after another. */
export async function createGround(): Promise<Ground> {
  const root = await mkdtemp(join(tmpdir(), "trellis sessions ü-"));
  const host = await createFakeHost(root, { GIT_CONFIG_NOSYSTEM: "1" });
  const here = await createFakeHost(root, { GIT_CONFIG_NOSYSTEM: "1" });
  return {
    root,
    host,
    run: here.run,
    tables: new MemoryTables(),
    terminals: fakeTerminals(host),
    errors: [],
    told: [],
    async close() {
      host.close();
      here.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function openRoom(ground: Ground, change: (deps: SessionDeps) => SessionDeps = (deps) => deps): Room {
  const abort = new AbortController();
  const { tables } = ground;
  const deps = change({
    sessions: new MemorySessions(tables),
    worktrees: new MemoryWorktrees(tables),
    losses: new MemoryLosses(tables),
    repositories: new MemoryRepositories(tables),
    host: () => ground.host,
    defaultHost: "local",
    onHostState: (listener) =>
      ground.host.onState(() => {
        for (const repository of tables.repositories.values()) listener(hostOfRepository(repository));
      }),
    here: { run: ground.run },
    terminals: ground.terminals,
    identity: async () => ({ name: ada.name, email: ada.email }),
    runningTurns: async () => [],
    tell: async ({ kind, sessionId, body }) => void ground.told.push({ kind, sessionId, body }),
    changes: { session() {}, repository() {}, notification() {} },
    log: collectErrors(ground.errors),
    now: () => new Date(),
    signal: abort.signal,
  });
  const clones = createClones(deps);
  const repositories = createRepositories(deps, clones);
  const sessions = createSessions(deps, clones);
  return {
    deps,
    clones,
    repositories,
    sessions,
    async kill() {
      abort.abort();
      await Promise.all([clones.idle(), sessions.idle()]);
    },
  };
}

function collectErrors(errors: string[]): Log {
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => void errors.push(`${message} ${String(fields?.error)}`),
    child: () => log,
  };
  return log;
}

/** Runs setup scripts for real, once per attempt, as the terminals room does. */
function fakeTerminals(host: FakeHost): FakeTerminals {
  const first = new Map<string, string>();
  const attempts = new Map<string, number[]>();
  const looked = new Set<string>();
  const rested = new Map<string, ReadonlySet<string>>();
  const over = new Map<string, { exit: ProcessExit; tail: string } | null>();
  return {
    first,
    attempts,
    looked,
    rested,
    async ensureFirst(sessionId, cwd) {
      first.set(sessionId, cwd);
    },
    async ensureSetup(sessionId, { script, cwd, env, attempt }) {
      const key = `${sessionId} ${attempt}`;
      if (!over.has(key)) {
        over.set(key, null);
        attempts.set(sessionId, [...(attempts.get(sessionId) ?? []), attempt]);
        void host.run(["sh", "-c", script], { cwd, env }).then(({ code, signal, stdout, stderr }) => {
          const tail = Buffer.concat([stdout, stderr]).toString();
          over.set(key, { exit: { code, signal, reason: "exited" }, tail });
        });
      }
      const result = over.get(key);
      return result ? { state: "over", ...result } : { state: "running" };
    },
    viewers: (sessionId) => (looked.has(sessionId) ? 1 : 0),
    async rest(sessionId, busy) {
      rested.set(sessionId, busy);
    },
    async goOn(sessionId) {
      rested.delete(sessionId);
    },
    async closeAll() {},
  };
}

/** A repository in a pod, which here lies on this machine like all else. Its pod is the ground's host. */
export async function addPodRepository(
  room: Room,
  ground: Ground,
  settings: Partial<RepositorySettings> = {},
): Promise<Repository> {
  const local = await room.repositories.add(ada, { cloneUrl: await makeOrigin(ground.root, randomUUID()), settings });
  ground.tables.repositories.set(local.id, { ...local, host: "kubernetes" });
  return room.repositories.get(ada, local.id);
}

const patience = { interval: 20 };

export async function phaseOfBecomes(room: Room, id: string, phase: Phase): Promise<SessionReading> {
  return vi.waitFor(async () => {
    const reading = await room.sessions.get(ada, id);
    if (reading.phase !== phase) throw new Error(`${reading.phase}, not ${phase}: ${reading.phaseDetail}`);
    return reading;
  }, patience);
}
