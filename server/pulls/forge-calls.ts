import { randomBytes, randomUUID } from "node:crypto";
import { AppError } from "../domain/app-error";
import type { Forge } from "../domain/forge";
import type { User } from "../domain/user";
import type { MovedHint, WebhookDelivery } from "./forge-client";
import { clientOf, forgeOf } from "./forge-of";
import type { PullDeps } from "./pull-deps";
import type { ForgeReading, Pulls } from "./pulls";
import { pathOn } from "./repository-forge";
import { repositoryOf } from "./work-of";

type Calls = Pick<
  Pulls,
  "forges" | "addForge" | "changeForge" | "checkForge" | "removeForge" | "registerWebhook" | "deliver"
>;
type Wakes = { wakeAll(): Promise<void>; wakeSoon(repositoryId: string, hint: MovedHint): void };

/** Forges and their tokens, and what they deliver. */
export function forgeCalls(deps: PullDeps, { wakeAll, wakeSoon }: Wakes): Calls {
  const own = async (user: User, id: string): Promise<Forge> => {
    const forge = await deps.forges.get(id);
    if (forge?.userId !== user.id) throw new AppError("not-found", `There is no forge ${id}.`);
    return forge;
  };
  const reading = (forge: Forge): ForgeReading => ({ forge, hookUrl: deps.hookUrl(forge) });
  /** What a check found stays until another finds something else; what it cleared of trouble is looked at again. */
  const checked = async (forge: Forge, token: string): Promise<ForgeReading> => {
    const account = await deps.client(forge, token).check();
    const kept = await deps.forges.update(forge.id, { token, account, trouble: null });
    await wakeAll();
    return reading(kept);
  };

  return {
    forges: async (user) => (await deps.forges.list(user.id)).map(reading),
    async addForge(user, { kind, url, token }) {
      const wanted: Forge = {
        ...{ id: randomUUID(), userId: user.id, kind, url: originOf(url), account: null, trouble: null },
        createdAt: deps.now(),
      };
      if ((await deps.forges.list(user.id)).some((other) => other.url === wanted.url))
        throw new AppError("conflict", `${wanted.url} is added already: change its token instead.`);
      const forge = { ...wanted, account: await deps.client(wanted, token).check() };
      await deps.forges.create(forge, { token, webhookSecret: randomBytes(32).toString("hex") });
      await wakeAll();
      return reading(forge);
    },
    changeForge: async (user, id, { token }) => checked(await own(user, id), token),
    async checkForge(user, id) {
      const forge = await own(user, id);
      const secrets = await deps.forges.secrets(id);
      if (!secrets) throw new AppError("not-found", `There is no forge ${id}.`);
      return checked(forge, secrets.token);
    },
    async removeForge(user, id) {
      await own(user, id);
      await deps.forges.delete(id);
    },
    registerWebhook: (user, repositoryId) => registerWebhook(deps, user, repositoryId),
    deliver: (forgeId, delivery) => deliver(deps, { forgeId, delivery }, wakeSoon),
  };
}

async function registerWebhook(deps: PullDeps, user: User, repositoryId: string): Promise<void> {
  const repository = await repositoryOf(deps, user, repositoryId);
  const place = await forgeOf(deps, repository);
  if (!place) throw new AppError("refused", "Its forge is not known: add it in the settings first.");
  const url = deps.hookUrl(place.forge);
  const secrets = await deps.forges.secrets(place.forge.id);
  if (url === null || !secrets)
    throw new AppError("refused", "The forge could not reach this server: set TRELLIS_URL to an address that it can.");
  await place.client.ensureWebhook(place.path, { url, secret: secrets.webhookSecret });
}

type Delivered = { forgeId: string; delivery: WebhookDelivery };

async function deliver(
  deps: PullDeps,
  { forgeId, delivery }: Delivered,
  wakeSoon: Wakes["wakeSoon"],
): Promise<boolean> {
  const forge = await deps.forges.get(forgeId);
  const secrets = forge && (await deps.forges.secrets(forgeId));
  const client = forge && (await clientOf(deps, forge));
  if (!forge || !secrets || !client) return false;
  const hint = client.readWebhook(delivery, secrets.webhookSecret);
  if (hint === null) return false;
  const isMeant = (path: string | null) => path?.toLowerCase() === hint.repository.toLowerCase();
  for (const repository of await deps.repositories.listAll()) {
    const { id, userId } = repository;
    const path = userId === forge.userId ? pathOn(repository, forge) : null;
    // One that was renamed there is called so by its deliveries, whatever it was cloned as.
    if (path !== null && (isMeant(path) || isMeant((await deps.pulls.look(id)).path))) wakeSoon(id, hint);
  }
  return true;
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new AppError("invalid", "Give the address of the forge, such as https://forge.example.com.");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
