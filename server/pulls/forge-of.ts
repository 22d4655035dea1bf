import type { Forge } from "../domain/forge";
import type { Pull } from "../domain/pull";
import type { Repository } from "../domain/repository";
import type { ForgeClient } from "./forge-client";
import type { PullDeps } from "./pull-deps";
import { pathOn } from "./repository-forge";

/** Where a repository's pull requests live, and who may be asked there. */
export type OnForge = { forge: Forge; path: string; client: ForgeClient };
/** One pull request where it lives. */
export type AtForge = OnForge & { number: number };

/**
 * The forge that the repository names, whose clone URL may then have another host, as an ssh name of its own; else the
 * one of its owner that its clone URL is of. Null where there is none.
 */
export async function forgeOf(deps: PullDeps, repository: Repository): Promise<OnForge | null> {
  const forges = await deps.forges.list(repository.userId);
  const named = forges.filter(({ id }) => id === repository.forgeId);
  for (const forge of named.length > 0 ? named : forges) {
    const path = pathOn(repository, forge);
    const client = path === null ? null : await clientOf(deps, forge);
    if (path !== null && client !== null) return { forge, path, client };
  }
  return null;
}

/** The forge of the person's that an address of a pull request is of; null where none has it. */
export async function forgeAt(deps: PullDeps, userId: string, url: string): Promise<AtForge | null> {
  for (const forge of await deps.forges.list(userId)) {
    const client = await clientOf(deps, forge);
    const at = client?.parsePullUrl(url) ?? null;
    if (client && at) return { forge, client, ...at };
  }
  return null;
}

/**
 * Where one that is followed is asked for: one that was linked by hand may be of another repository, and of another forge,
 * than its session's. Null where no forge is known for it.
 */
export async function forgeOfPull(
  deps: PullDeps,
  repository: Repository,
  { url, facts }: Pick<Pull, "url" | "facts">,
): Promise<AtForge | null> {
  const known = facts ? { path: facts.repository, number: facts.number } : {};
  const there = await forgeAt(deps, repository.userId, url);
  if (there) return { ...there, ...known };
  // A forge may give its pull requests another address than the one that it was added with.
  const own = facts && (await forgeOf(deps, repository));
  return own && own.forge.kind === facts.provider ? { ...own, path: facts.repository, number: facts.number } : null;
}

/** Null for a forge that was just taken away. */
export async function clientOf(deps: PullDeps, forge: Forge): Promise<ForgeClient | null> {
  const secrets = await deps.forges.secrets(forge.id);
  return secrets && deps.client(forge, secrets.token);
}
