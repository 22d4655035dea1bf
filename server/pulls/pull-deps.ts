import type { Forge } from "../domain/forge";
import type { Notification } from "../domain/notification";
import type { Repository } from "../domain/repository";
import type { Changes } from "../kit/changes";
import type { Log } from "../kit/log";
import type { ForgeClient } from "./forge-client";
import type { ForgeStore } from "./forge-store";
import type { PullStore } from "./pull-store";
import type { SessionWork } from "./session-work";

/** All that the pulls room stands on; `compose` gives it. */
export type PullDeps = {
  pulls: PullStore;
  forges: ForgeStore;
  work: SessionWork;
  repositories: {
    get(id: string): Promise<Repository | null>;
    listAll(): Promise<Repository[]>;
  };
  /** One client per forge and token: it keeps the budget of both. */
  client(forge: Forge, token: string): ForgeClient;
  /** Of one `key` nothing is told twice, however often this is asked. */
  tell(news: Omit<Notification, "id" | "createdAt" | "readAt"> & { key: string }): Promise<void>;
  /** Where the forge may deliver; null while no address of this server is known that it could reach. */
  hookUrl(forge: Forge): string | null;
  changes: Changes;
  log: Log;
  now(): Date;
  /** Aborted when the server stops. */
  signal: AbortSignal;
  /** Between two looks at a repository when no webhook comes. */
  pollMs: number;
};
