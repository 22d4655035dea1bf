import type { Forge } from "../domain/forge";
import type { Repository } from "../domain/repository";
import type { ForgeClient } from "./forge-client";
import type { PullDeps } from "./pull-deps";
import { pathOnForge } from "./repository-forge";

/** Where a repository's pull requests live, and who may be asked there. */
export type OnForge = { forge: Forge; path: string; client: ForgeClient };

/** The forge that the repository names, else the one of its owner that its clone URL is of; null where there is none. */
export async function forgeOf(deps: PullDeps, repository: Repository): Promise<OnForge | null> {
  const forges = await deps.forges.list(repository.userId);
  const named = forges.filter(({ id }) => id === repository.forgeId);
  for (const forge of named.length > 0 ? named : forges) {
    const path = pathOnForge(repository.cloneUrl, forge);
    const client = path === null ? null : await clientOf(deps, forge);
    if (path !== null && client !== null) return { forge, path, client };
  }
  return null;
}

/** Null for a forge that was just taken away. */
export async function clientOf(deps: PullDeps, forge: Forge): Promise<ForgeClient | null> {
  const secrets = await deps.forges.secrets(forge.id);
  return secrets && deps.client(forge, secrets.token);
}
