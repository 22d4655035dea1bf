import { setMaxListeners } from "node:events";
import { AppError } from "../../domain/app-error";
import { type HostRef, hostOfRepository, livesOn } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import { createLoops } from "../../kit/loops";
import { clonePath } from "../git/clone-path";
import { type CloneQueue, createCloneQueue, type FetchOutcome } from "../git/clone-queue";
import { fetchClone } from "../git/fetch-clone";
import type { CloneProgress } from "../repositories";
import type { SessionDeps } from "../session-deps";
import { takeRepositoryTurn } from "./take-repository-turn";

/** The clones of all repositories, which repositories and sessions share: made, kept in order, and taken away here. */
export interface Clones {
  /** The one queue of that clone. */
  queue(repository: Repository): CloneQueue;
  /** Looks at the repository now: clones what is not there, also when the last attempt failed just now. */
  wake(repositoryId: string): void;
  progress(repositoryId: string): CloneProgress | null;
  /** Told when a clone became ready or failed. A hint, as all changes are. */
  onSettled(listener: (repositoryId: string) => void): () => void;
  /** Goes on with what a killed server left. */
  start(): Promise<void>;
  /** Resolves once no turn is under way: after the signal, before the store closes. */
  idle(): Promise<void>;
}

/** To be made once and given to both `createRepositories` and `createSessions`. */
export function createClones(deps: SessionDeps): Clones {
  setMaxListeners(0, deps.signal); // every command under way listens to it
  const queues = new Map<string, CloneQueue>();
  const progress = new Map<string, CloneProgress>();
  const attempts = new Map<string, number>();
  const maintained = new Map<string, number>();
  const listeners = new Set<(repositoryId: string) => void>();

  const queue = (repository: Repository): CloneQueue => {
    const known = queues.get(repository.id);
    if (known) return known;
    const path = clonePath(deps.host(hostOfRepository(repository)), repository);
    const made = createCloneQueue({
      path,
      signal: deps.signal,
      fetch: () => fetchNow(deps, repository.id, path),
    });
    queues.set(repository.id, made);
    return made;
  };

  const loops = createLoops({
    atOnce: 16,
    signal: deps.signal,
    turn: (id) => takeRepositoryTurn(deps, id, { queue, progress, attempts, maintained, settled }),
    onError: (repositoryId, error) => deps.log.error("repository turn failed", { repositoryId, error }),
  });

  function settled(repositoryId: string): void {
    deps.changes.repository(repositoryId);
    for (const listener of listeners) listener(repositoryId);
  }

  const wakeAll = async () => {
    for (const { id } of await deps.repositories.listAll()) loops.wake(id);
  };
  const wakeOn = async (ref: HostRef) => {
    for (const repository of await deps.repositories.listAll())
      if (livesOn({ host: repository.host, repositoryId: repository.id }, ref)) loops.wake(repository.id);
  };
  const stopListening = deps.onHostState((ref) => {
    wakeOn(ref).catch((error: unknown) => deps.log.error("repositories could not be listed", { error }));
  });
  deps.signal.addEventListener("abort", stopListening, { once: true });

  return {
    queue,
    wake: loops.wake,
    progress: (id) => progress.get(id) ?? null,
    onSettled(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: wakeAll,
    idle: loops.idle,
  };
}

async function fetchNow(deps: SessionDeps, id: string, path: string): Promise<FetchOutcome> {
  const repository = await deps.repositories.get(id);
  if (!repository) throw new AppError("not-found", "This repository is gone.");
  const secret = await deps.repositories.secret(id);
  const outcome = await fetchClone(
    deps.host(hostOfRepository(repository)),
    { path, url: repository.cloneUrl, secret },
    deps.signal,
  );
  if (outcome.state === "failed") return outcome;
  const { before, now } = outcome.remoteHead;
  if (now !== repository.defaultBranch && (repository.defaultBranch ?? before) === before) {
    await deps.repositories.update(id, { defaultBranch: now });
    deps.changes.repository(id);
  }
  return outcome;
}
