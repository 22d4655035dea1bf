import { createHash } from "node:crypto";
import type { Forge } from "../domain/forge";
import { createForgeClient } from "../forges/create-forge-client";
import type { Changes } from "../kit/changes";
import type { Log } from "../kit/log";
import type { Notifications } from "../notifications/notifications";
import { createPulls } from "../pulls/create-pulls";
import type { ForgeClient } from "../pulls/forge-client";
import type { PullsRoom } from "../pulls/pulls";
import type { SessionWork } from "../pulls/session-work";
import type { Store } from "../store/open-store";

type Around = {
  store: Store;
  work: SessionWork;
  notifications: Notifications;
  changes: Changes;
  log: Log;
  now(): Date;
  signal: AbortSignal;
  pollSeconds: number;
  /** What browsers call this server; a forge on the same machine may be the only one that reaches it. */
  origin(): string;
};

/** The pulls room, over the forges whose tokens were given. */
export function wirePulls({ store, work, notifications, pollSeconds, origin, ...around }: Around): PullsRoom {
  return createPulls({
    ...around,
    pulls: store.pulls,
    forges: store.forges,
    work,
    repositories: store.repositories,
    client: clientsOf(around.now),
    tell: async (message) => void (await notifications.tell(message)),
    hookUrl: (forge) => hookUrl(origin(), forge),
    pollMs: pollSeconds * 1_000,
  });
}

/** A forge elsewhere cannot reach a server that only this machine sees. */
function hookUrl(origin: string, { id, url }: Forge): string | null {
  const isHere = (text: string) => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(text).hostname);
  if (origin === "" || (isHere(origin) && !isHere(url))) return null;
  return `${origin}/api/webhooks/${id}`;
}

/** One client for each address and token, so that each token has one budget. Tokens are kept as hashes. */
function clientsOf(now: () => Date): (forge: Forge, token: string) => ForgeClient {
  const clients = new Map<string, ForgeClient>();
  return (forge, token) => {
    const key = createHash("sha256")
      .update(JSON.stringify([forge.kind, forge.url, token]))
      .digest("hex");
    const client = clients.get(key) ?? createForgeClient(forge, token, now);
    clients.set(key, client);
    return client;
  };
}
