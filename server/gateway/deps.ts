import type { Accounts } from "../accounts/accounts";
import type { HostKind } from "../domain/repository";
import type { Log } from "../kit/log";
import type { Notifications } from "../notifications/notifications";
import type { HostState } from "../sessions/host";
import type { Repositories } from "../sessions/repositories";
import type { Sessions } from "../sessions/sessions";
import type { Terminals } from "../terminals/terminals";
import type { AnswerStore } from "./http/answer-store";

/** A host as the API shows it. `version` is null while it was never reached. */
export type HostLook = { kind: HostKind; state(): HostState; version(): string | null };

/** All that the gateway stands on. */
export type GatewayDeps = {
  accounts: Accounts;
  sessions: Sessions;
  repositories: Repositories;
  terminals: Terminals;
  notifications: Notifications;
  hosts: HostLook[];
  answers: AnswerStore;
  /** What browsers call us: scheme, host and port. Known once the server listens. */
  origin(): string;
  /** Null when the database and the loops are up, else what is not. */
  notReady(): Promise<string | null>;
  log: Log;
  now(): Date;
};
