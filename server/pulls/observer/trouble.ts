import { AppError } from "../../domain/app-error";
import type { OnForge } from "../forge-of";
import type { PullDeps } from "../pull-deps";
import type { RepositoryLook } from "../pull-store";
import { isTokenRefusal } from "../token-refusal";

type Looked = { place: OnForge; id: string; last: RepositoryLook };

/** After a look that succeeded: the forge answers, and gives what was asked. */
export async function settleTrouble(deps: PullDeps, { place, id, last }: Looked): Promise<void> {
  await settleForge(deps, place);
  if (last.trouble === null) return;
  await deps.pulls.setLook(id, { trouble: null });
  deps.changes.repository(id);
}

/**
 * Whose trouble a look that failed is. A token that is refused, or a forge that does not answer, is the same for all
 * repositories there; what the forge says or fails at with this one alone says nothing of the others.
 */
export async function noteTrouble(
  deps: PullDeps,
  { place, id, last, error }: Looked & { error: AppError },
): Promise<void> {
  const { forge } = place;
  const isForges = isTokenRefusal(error) || (error.code === "unavailable" && !(await answers(place)));
  const reason = isForges ? error.message : ofRepository(place, error);
  const fields = { forgeId: forge.id, repositoryId: id, reason };
  deps.log.warn(isForges ? "a forge was not looked at" : "a repository was not looked at on its forge", fields);
  if (isForges) {
    if (forge.trouble?.reason !== reason)
      await deps.forges.update(forge.id, { trouble: { reason, since: forge.trouble?.since ?? deps.now() } });
    return;
  }
  await settleForge(deps, place);
  if (last.trouble?.reason === reason) return;
  await deps.pulls.setLook(id, { trouble: { reason, since: last.trouble?.since ?? deps.now() } });
  deps.changes.repository(id);
}

/** A failure at one repository (500, a time that was over) is the forge's own only where it does not answer at all. */
async function answers({ client }: OnForge): Promise<boolean> {
  if (client.budget().remaining === 0) return false;
  try {
    await client.check();
    return true;
  } catch (error) {
    if (!AppError.is(error)) throw error;
    return false;
  }
}

async function settleForge(deps: PullDeps, { forge }: OnForge): Promise<void> {
  if (forge.trouble !== null) await deps.forges.update(forge.id, { trouble: null });
}

function ofRepository({ forge, path }: OnForge, error: AppError): string {
  if (error.code !== "not-found") return error.message;
  const who = forge.account === null ? "the account of its token" : forge.account.login;
  return `${new URL(forge.url).host} has no ${path}, or does not show it to ${who}. Let that account see it; where it is gone for good, end its sessions here.`;
}
