import { randomUUID } from "node:crypto";
import { AppError } from "../domain/app-error";
import { hostOfRepository } from "../domain/host";
import {
  defaultRepositorySettings,
  type HostKind,
  type Repository,
  type RepositorySettings,
} from "../domain/repository";
import type { User } from "../domain/user";
import { credentialText } from "./git/credential-env";
import { lookAtRemote } from "./git/look-at-remote";
import { type CloneUrl, parseCloneUrl } from "./git/parse-clone-url";
import type { HostFacts, HostState } from "./host";
import { copyPathProblem } from "./reconcile/copy-path";
import type { Repositories } from "./repositories";
import type { Clones } from "./repositories/clones";
import { isNothing, lookAtRemains, lookAtRescues } from "./repositories/look-at-remains";
import { restartHost } from "./repositories/restart-host";
import { sessionsOf } from "./repositories/sessions-of";
import type { SessionDeps } from "./session-deps";

/** Repositories as the API asks for them. Their clones are made by `clones`, which `compose` starts. */
export function createRepositories(deps: SessionDeps, clones: Clones): Repositories {
  const get = async (user: User, id: string): Promise<Repository> => {
    const repository = await deps.repositories.getFor(user.id, id);
    if (!repository) throw new AppError("not-found", `There is no repository ${id}.`);
    return repository;
  };

  return {
    get,
    list: (user, page) => deps.repositories.list(user.id, page),
    progress: (id) => clones.progress(id),
    add: (user, wanted) => add(deps, clones, { user, wanted }),
    async update(user, id, patch) {
      const repository = await get(user, id);
      if (patch.defaultBranch !== undefined)
        await askRemote(
          deps,
          { url: repository.cloneUrl, secret: await deps.repositories.secret(id) },
          patch.defaultBranch,
        );
      const updated = await deps.repositories.update(id, {
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...(patch.defaultBranch === undefined ? {} : { defaultBranch: patch.defaultBranch }),
        ...(patch.settings === undefined ? {} : { settings: settled(patch.settings, repository.settings) }),
      });
      if (patch.settings !== undefined || patch.name !== undefined)
        deps.host(hostOfRepository(repository)).settingsChanged();
      deps.changes.repository(id);
      return updated;
    },
    rescues: async (user, id) => lookAtRescues(deps, await get(user, id)),
    remains: async (user, id) => lookAtRemains(deps, await get(user, id)),
    remove: async (user, id, token) => {
      await agreeToDelete(deps, await get(user, id), token);
      clones.wake(id);
    },
    hostOf: async (user, id) => hostNow(deps, await get(user, id)),
    async wakeHost(user, id) {
      const repository = await get(user, id);
      deps.host(hostOfRepository(repository)).wake();
      return hostNow(deps, repository);
    },
    restartHost: async (user, id, token) => restartHost(deps, await get(user, id), token),
  };
}

type Added = { user: User; wanted: Parameters<Repositories["add"]>[1] };

async function add(deps: SessionDeps, clones: Clones, { user, wanted }: Added): Promise<Repository> {
  const settings = settled(wanted.settings ?? {}, defaultRepositorySettings);
  const id = randomUUID();
  const host = wanted.host ?? deps.defaultHost;
  deps.host(hostOfRepository({ id, host })); // refused here where this server has none of that kind
  const address = await addressOf(deps, wanted.cloneUrl, host);
  const secret = address.credential === null ? null : credentialText(address.credential);
  const defaultBranch = await askRemote(deps, { url: address.url, secret }, wanted.defaultBranch);
  const repository: Repository = {
    id,
    userId: user.id,
    name: wanted.name ?? address.name,
    cloneUrl: address.url,
    host,
    forgeId: wanted.forgeId ?? null,
    defaultBranch,
    settings,
    createdAt: deps.now(),
    clonedAt: null,
    cloneFailure: null,
    deletingAt: null,
  };
  await deps.repositories.create(repository, secret);
  deps.changes.repository(repository.id);
  clones.wake(repository.id);
  return repository;
}

function hostNow(deps: SessionDeps, repository: Repository): { state: HostState; facts: HostFacts } {
  const host = deps.host(hostOfRepository(repository));
  return { state: host.state(), facts: host.facts() };
}

/** What is asked for is written, looked at again, and taken back when a session was begun at the same moment. */
async function agreeToDelete(deps: SessionDeps, repository: Repository, token: string | null): Promise<void> {
  const { id } = repository;
  await refuseWhileActive(deps, repository);
  const { token: now, ...remains } = await lookAtRemains(deps, repository);
  if (token !== now && !(token === null && isNothing(remains)))
    throw new AppError(
      "conflict",
      "Deleting this repository takes along what is listed. Read the list, then confirm it.",
      { details: { remains, token: now } },
    );
  await deps.repositories.update(id, { deletingAt: deps.now() });
  await refuseWhileActive(deps, repository).catch(async (error: unknown) => {
    await deps.repositories.update(id, { deletingAt: null });
    throw error;
  });
  deps.changes.repository(id);
}

async function refuseWhileActive(deps: SessionDeps, repository: Repository): Promise<void> {
  const active = await sessionsOf(deps, repository, "active");
  if (active.length === 0) return;
  throw new AppError("conflict", `This repository has ${active.length} active session(s). End them first.`, {
    details: { sessions: active.map(({ id, title }) => ({ id, title })) },
  });
}

function settled(patch: Partial<RepositorySettings>, onto: RepositorySettings): RepositorySettings {
  for (const path of patch.copyFiles ?? []) {
    const problem = copyPathProblem(path);
    if (problem !== null) throw new AppError("refused", `Cannot copy \`${path}\` into sessions: ${problem}.`);
  }
  return { ...onto, ...patch };
}

async function addressOf(deps: SessionDeps, text: string, host: HostKind): Promise<CloneUrl> {
  const isBelowHome = text.trim().startsWith("~/");
  if (isBelowHome && host !== "local") throw notInThePod(text.trim());
  const parsed = parseCloneUrl(text, isBelowHome ? await homeOf(deps) : null);
  if (!parsed.ok) throw new AppError("refused", parsed.reason);
  if (parsed.directory !== null && host !== "local") throw notInThePod(parsed.directory);
  return parsed;
}

const notInThePod = (path: string) =>
  new AppError(
    "refused",
    `${path} is a directory of the machine that Trellis runs on, and a pod does not see it. Give the URL of a remote that the cluster can reach, or choose this machine as the host.`,
  );

async function homeOf(deps: SessionDeps): Promise<string | null> {
  const home = await deps.here.run(["sh", "-c", 'printf %s "$HOME"'], { signal: deps.signal });
  return new TextDecoder().decode(home.stdout) || null;
}

/** Gives the default branch: the one wanted, where the remote has it, else what its HEAD names. */
async function askRemote(
  deps: SessionDeps,
  remote: { url: string; secret: string | null },
  wanted: string | undefined,
): Promise<string | null> {
  const branches = wanted === undefined ? [] : [wanted];
  const look = await lookAtRemote(deps.here, { ...remote, branches }, deps.signal);
  if (look.state === "refused") throw new AppError("refused", `Git cannot clone ${remote.url}: ${look.reason}`);
  if (wanted === undefined) return look.defaultBranch;
  if (!look.branches.includes(wanted))
    throw new AppError("refused", `${remote.url} has no branch \`${wanted}\`. Name one that it has, or none.`);
  return wanted;
}
