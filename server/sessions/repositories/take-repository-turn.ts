import { AppError } from "../../domain/app-error";
import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import { backoffMs } from "../../kit/backoff";
import type { TurnOutcome } from "../../kit/loops";
import { clonePath } from "../git/clone-path";
import type { CloneQueue } from "../git/clone-queue";
import { remoteHead } from "../git/fetch-clone";
import { GitError, gitOn } from "../git/git";
import { lastWords } from "../git/last-words";
import { maintainClone } from "../git/maintain-clone";
import { makeClone } from "../git/make-clone";
import { troubleIn } from "../git/trouble";
import { hostStateOf } from "../host-state-of";
import type { CloneProgress } from "../repositories";
import type { SessionDeps } from "../session-deps";
import { deleteRepository } from "./delete-repository";

/** What is known of clones only while the server runs: nothing is lost when it goes. */
export type CloneMemory = {
  queue(repository: Repository): CloneQueue;
  progress: Map<string, CloneProgress>;
  attempts: Map<string, number>;
  /** When each clone was last looked after, in milliseconds since 1970. */
  maintained: Map<string, number>;
  settled(repositoryId: string): void;
};

const hourMs = 3_600_000;

/** Level-triggered: deletes what is being deleted, clones what has no clone, else looks after the clone once a day. */
export async function takeRepositoryTurn(deps: SessionDeps, id: string, memory: CloneMemory): Promise<TurnOutcome> {
  const repository = await deps.repositories.get(id);
  if (!repository) return "rest";
  const isUp = hostStateOf(deps, hostOfRepository(repository)).kind === "reachable";
  try {
    const host = deps.host(hostOfRepository(repository));
    if (!isUp && repository.deletingAt === null && repository.clonedAt === null) {
      host.wake();
      return { waitMs: 5_000 };
    }
    if (repository.deletingAt !== null) {
      await deleteRepository(deps, repository, memory.queue(repository));
      deps.changes.repository(id);
      return "rest";
    }
    if (repository.clonedAt === null) return await clone(deps, repository, memory);
    // One that rests is not woken for it.
    return isUp ? await maintain(deps, repository, memory) : { waitMs: hourMs };
  } catch (error) {
    if (AppError.is(error) && error.code === "not-available") return { waitMs: hourMs }; // not of this server
    if (!AppError.is(error) || error.code !== "unavailable") throw error;
    return { waitMs: 5_000 };
  }
}

async function clone(deps: SessionDeps, repository: Repository, memory: CloneMemory): Promise<TurnOutcome> {
  const { id, cloneUrl: url } = repository;
  const host = deps.host(hostOfRepository(repository));
  const path = clonePath(host, repository);
  const git = gitOn(host, deps.signal);
  try {
    memory.progress.set(id, { detail: "Reaching the remote", percent: null });
    deps.changes.repository(id);
    if (!(await isThere(deps, repository))) {
      const secret = await deps.repositories.secret(id);
      let told = 0;
      const onProgress = (progress: CloneProgress) => {
        memory.progress.set(id, progress);
        if (deps.now().getTime() - told < 250) return;
        told = deps.now().getTime();
        deps.changes.repository(id);
      };
      await memory.queue(repository).run(() => makeClone(host, { url, secret, path, onProgress }, deps.signal));
    }
    const defaultBranch = repository.defaultBranch ?? (await remoteHead(git, path));
    await deps.repositories.update(id, { clonedAt: deps.now(), cloneFailure: null, defaultBranch });
    memory.attempts.delete(id);
    deps.log.info("repository cloned", { repositoryId: id });
    return "again";
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const attempt = memory.attempts.get(id) ?? 0;
    memory.attempts.set(id, attempt + 1);
    await deps.repositories.update(id, { cloneFailure: { reason: lastWords(error.output), at: deps.now() } });
    deps.log.warn("clone failed", { repositoryId: id, attempt, reason: lastWords(error.output) });
    return { waitMs: backoffMs(attempt + 2, troubleIn(error.output) === "network" ? 60_000 : 600_000) };
  } finally {
    memory.progress.delete(id);
    memory.settled(id);
  }
}

/** A complete clone, for it got its name last. Something else in its place is never overwritten. */
async function isThere(deps: SessionDeps, repository: Repository): Promise<boolean> {
  const host = deps.host(hostOfRepository(repository));
  const path = clonePath(host, repository);
  const found = await host.run(["test", "-e", path], { signal: deps.signal });
  if (found.code === 1) return false;
  const look = await gitOn(host, deps.signal).try(["rev-parse", "--git-dir"], { cwd: path });
  if (look.stdout.trim() === ".git") return true;
  throw new GitError(["clone"], look.code, `${path} is there, but it is no clone. Move it away, then try again.`);
}

async function maintain(deps: SessionDeps, repository: Repository, memory: CloneMemory): Promise<TurnOutcome> {
  const nowMs = deps.now().getTime();
  const dueMs = memory.maintained.get(repository.id);
  if (dueMs === undefined || nowMs >= dueMs) {
    memory.maintained.set(repository.id, nowMs + (dueMs === undefined ? hourMs : 24 * hourMs));
    if (dueMs !== undefined) await maintainClone(deps, repository, memory.queue(repository));
  }
  return { waitMs: hourMs };
}
