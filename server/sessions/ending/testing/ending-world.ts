import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { defaultRepositorySettings, type Repository } from "../../../domain/repository";
import type { Keep, Session, Worktree } from "../../../domain/session";
import { createFakeHost, type FakeHost } from "../../../fakes/fake-host";
import { MemoryLosses } from "../../../fakes/memory-losses";
import { MemoryRepositories } from "../../../fakes/memory-repositories";
import { MemorySessions } from "../../../fakes/memory-sessions";
import { MemoryTables } from "../../../fakes/memory-tables";
import { MemoryWorktrees } from "../../../fakes/memory-worktrees";
import type { Log } from "../../../kit/log";
import type { Host } from "../../host";
import { lookAtLoss } from "../../loss/look-at-loss";
import type { SessionDeps, Tell } from "../../session-deps";
import { requestEnd } from "../request-end";
import { takeEndingStep } from "../take-ending-step";

const exec = promisify(execFile);

const env = {
  NODE_ENV: "test" as const,
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/nonexistent",
  LC_ALL: "C.UTF-8",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@trellis.test",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@trellis.test",
};

/** Git as the person types it. Gives what it printed, without the last newline; a failure throws. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await exec("git", ["-c", "protocol.file.allow=always", ...args], { cwd, env, maxBuffer: 2 ** 26 });
  return stdout.replace(/\n$/, "");
}

/** For git that is to fail, as a merge with a conflict does. */
export const tryGit = (cwd: string, ...args: string[]): Promise<string> =>
  git(cwd, ...args).catch((error: unknown) => String(error));

/** One real remote, its clone, and sessions in it, over the host and stores of tests. */
export type EndingWorld = {
  root: string;
  remote: string;
  clone: string;
  host: FakeHost;
  deps: SessionDeps;
  tables: MemoryTables;
  repository: Repository;
  told: Parameters<Tell>[0][];
  errors: string[];
  closed: string[];
  addSession(shortId: string): Promise<{ session: Session; worktree: Worktree; path: string }>;
  session(id: string): Promise<Session>;
  worktree(sessionId: string): Promise<Worktree | null>;
  /** Asks to end with a fresh look, as the dialog does. */
  ask(id: string, keep: Keep): Promise<void>;
  /** Steps until it is over or given up; `deps` may be another server's. */
  settle(id: string, deps?: SessionDeps): Promise<Session>;
  /** The same rows seen by a server whose host fails as told. */
  depsOn(host: Host): SessionDeps;
  close(): Promise<void>;
};

export async function createEndingWorld(): Promise<EndingWorld> {
  const root = await mkdtemp(join(tmpdir(), "trellis-ending-"));
  const host = await createFakeHost(root, { GIT_CONFIG_NOSYSTEM: "1" });
  await writeFile(join(root, ".gitconfig"), '[protocol "file"]\n\tallow = always\n');
  const tables = new MemoryTables();
  const repository = await makeRepository(root, host);
  tables.repositories.set(repository.id, repository);
  const clone = join(host.paths().repositories, repository.id);
  const told: EndingWorld["told"] = [];
  const errors: string[] = [];
  const closed: string[] = [];
  const depsOn = (on: Host): SessionDeps => ({
    sessions: new MemorySessions(tables),
    worktrees: new MemoryWorktrees(tables),
    losses: new MemoryLosses(tables),
    repositories: new MemoryRepositories(tables),
    host: () => on,
    defaultHost: "local",
    onHostState: (listener) => on.onState(() => listener({ kind: "local" })),
    here: on,
    terminals: {
      ensureFirst: async () => {},
      ensureSetup: async () => ({ state: "running" }),
      viewers: () => 0,
      rest: async () => {},
      goOn: async () => {},
      closeAll: async (id) => void closed.push(id),
    },
    identity: async () => ({ name: "Ada", email: "ada@trellis.test" }),
    runningTurns: async () => [],
    async tell(message) {
      if (message.key === undefined || told.every(({ key }) => key !== message.key)) told.push(message);
    },
    changes: { session() {}, repository() {}, notification() {} },
    log: collect(errors),
    now: () => new Date(),
    signal: new AbortController().signal,
  });
  const deps = depsOn(host);
  const session = async (id: string): Promise<Session> => {
    const found = await deps.sessions.get(id);
    if (!found) throw new Error(`no session ${id}`);
    return found;
  };
  return {
    ...{
      root,
      remote: join(root, "remote.git"),
      clone,
      host,
      deps,
      tables,
      repository,
      told,
      errors,
      closed,
      depsOn,
      session,
    },
    addSession: (shortId) => addSession({ host, deps, clone, repository }, shortId),
    worktree: (id) => deps.worktrees.getBySession(id),
    async ask(id, keep) {
      const input = { session: await session(id), worktree: await deps.worktrees.getBySession(id) };
      const look = await lookAtLoss(deps, input);
      await requestEnd(deps, { ...input, keep, token: look.token });
    },
    settle: (id, on = deps) => settle(on, repository, id),
    async close() {
      host.close();
      await exec("chmod", ["-R", "u+rwX", root]).catch(() => {}); // what git still does behind a commit may go meanwhile
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function settle(deps: SessionDeps, repository: Repository, id: string): Promise<Session> {
  for (let step = 0; step < 40; step += 1) {
    const session = await deps.sessions.get(id);
    if (!session) throw new Error(`no session ${id}`);
    if (session.endedAt || session.wanted === "active" || session.failure) return session;
    const worktree = await deps.worktrees.getBySession(id);
    const outcome = await takeEndingStep(deps, { session, worktree, repository, queue: { run: (work) => work() } });
    if (typeof outcome === "object") return deps.sessions.get(id).then((now) => now ?? session);
  }
  throw new Error("the ending never settled");
}

async function makeRepository(root: string, host: FakeHost): Promise<Repository> {
  const id = randomUUID();
  const remote = join(root, "remote.git");
  const work = join(root, "first");
  await git(root, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  await git(root, "clone", "--quiet", remote, work);
  await writeFile(join(work, "README.md"), "first\n");
  await writeFile(join(work, ".gitignore"), "*.log\nbuild/\n");
  await git(work, "add", "--all");
  await git(work, "commit", "--quiet", "-m", "first");
  await git(work, "push", "--quiet", "origin", "HEAD:refs/heads/main");
  await rm(work, { recursive: true });
  const clone = join(host.paths().repositories, id);
  await git(root, "clone", "--quiet", "--no-checkout", remote, clone);
  await git(clone, "config", "extensions.worktreeConfig", "true");
  await git(clone, "config", "gc.auto", "0");
  await git(clone, "update-ref", "--no-deref", "HEAD", "origin/main");
  await git(clone, "update-ref", "-d", "refs/heads/main");
  return {
    ...{ id, userId: "user-ada", name: "first", cloneUrl: remote, host: "local", forgeId: null, defaultBranch: "main" },
    settings: { ...defaultRepositorySettings },
    ...{ createdAt: new Date(0), clonedAt: new Date(0), cloneFailure: null, deletingAt: null },
  };
}

type Ground = { host: FakeHost; deps: SessionDeps; clone: string; repository: Repository };

async function addSession({ host, deps, clone, repository }: Ground, shortId: string) {
  const path = join(host.paths().worktrees, shortId);
  const branch = `session/ada/${shortId}`;
  await git(clone, "worktree", "add", "--quiet", "--no-track", "-b", branch, path, "origin/main");
  await git(path, "config", "--worktree", "user.name", "Ada");
  await git(path, "config", "--worktree", "user.email", "ada@trellis.test");
  await git(path, "config", "--worktree", "push.autoSetupRemote", "true");
  const session: Session = {
    ...{ id: `session-${shortId}`, shortId, title: shortId, userId: "user-ada", username: "ada" },
    ...{ repositoryId: repository.id, host: "local", branch, base: null, baseBranch: "main" },
    baseSha: await git(clone, "rev-parse", "origin/main"),
    ...{ wanted: "active", creation: [], failure: null, ending: null, endingSteps: [], endRefusal: null },
    ...{ rescueRefs: [], pushedBranches: [], restoredFromId: null, adoptedFrom: null },
    ...{ createdAt: new Date(), endedAt: null, seenAt: null },
  };
  await deps.sessions.create(session);
  const worktree = await deps.worktrees.ensure({
    ...{ id: `worktree-${shortId}`, sessionId: session.id, repositoryId: repository.id, path, branch },
    ...{ madeAt: new Date(), setAsidePath: null, setAsideAt: null, purged: null },
  });
  return { session, worktree, path };
}

function collect(errors: string[]): Log {
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => void errors.push(`${message}: ${String(fields?.["error"])}`),
    child: () => log,
  };
  return log;
}

export const read = (...path: string[]): Promise<string> => readFile(join(...path), "utf8");
export const exists = (...path: string[]): boolean => existsSync(join(...path));
