import type { Accounts } from "../accounts/accounts";
import type { HostKind } from "../domain/repository";
import type { Log } from "../kit/log";
import type { Channels } from "../notifications/channels";
import type { Notifications } from "../notifications/notifications";
import type { Pulls } from "../pulls/pulls";
import type { HostState } from "../sessions/host";
import type { Repositories } from "../sessions/repositories";
import type { Sessions } from "../sessions/sessions";
import type { Terminals } from "../terminals/terminals";
import type { AnswerStore } from "./http/answer-store";

/** What a look at a kind of host found; each missing right comes with the rule that grants it, to be copied. */
export type HostDetails = {
  /** Null while it was never reached. */
  version: string | null;
  missingRights: { right: string; rule: string }[];
  facts: { name: string; value: string }[];
};

/**
 * This machine, or the cluster itself; that of a single repository is asked of `repositories`. `look` is taken anew at
 * each call and is never rejected: where it finds the host away, `state` says so from then on.
 */
export type HostLook = { kind: HostKind; state(): HostState; look(): Promise<HostDetails> };

/** All that the gateway stands on. */
export type GatewayDeps = {
  accounts: Accounts;
  sessions: Sessions;
  repositories: Repositories;
  terminals: Terminals;
  notifications: Notifications;
  channels: Channels;
  pulls: Pulls;
  /** Those that this server has; the first is where a repository lives when nobody says. */
  hosts: HostLook[];
  answers: AnswerStore;
  /** What browsers call us: scheme, host and port. Known once the server listens. */
  origin(): string;
  /** Null when the database and the loops are up, else what is not. */
  notReady(): Promise<string | null>;
  log: Log;
  now(): Date;
};
