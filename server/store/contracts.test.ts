import { randomUUID } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { accountStoreContract } from "../accounts/account-store.contract";
import { channelStoreContract } from "../notifications/channel-store.contract";
import { notificationStoreContract } from "../notifications/notification-store.contract";
import { pullStoreContract } from "../pulls/pull-store.contract";
import { lossStoreContract } from "../sessions/loss-store.contract";
import { repositoryStoreContract } from "../sessions/repository-store.contract";
import { sessionStoreContract } from "../sessions/session-store.contract";
import { worktreeStoreContract } from "../sessions/worktree-store.contract";
import { terminalStoreContract } from "../terminals/terminal-store.contract";
import { idempotencyStoreContract } from "./idempotency-store.contract";
import { installationStoreContract } from "./installation-store.contract";
import { leaseStoreContract } from "./lease-store.contract";
import { openTestStore, type TestStore, temporaryDirectory } from "./testing/open-test-store";
import { describePostgres } from "./testing/postgres";

/** One store for all: rows of other tests are what a real database is full of. */
function contracts(name: string, newDatabase: () => Promise<string>): void {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(await newDatabase());
  });
  afterAll(() => store?.close());
  const open = () => store;
  sessionStoreContract(name, open);
  worktreeStoreContract(name, open);
  lossStoreContract(name, open);
  repositoryStoreContract(name, open);
  terminalStoreContract(name, open);
  notificationStoreContract(name, open);
  channelStoreContract(name, open);
  pullStoreContract(name, open);
  accountStoreContract(name, open);
  idempotencyStoreContract(name, open);
  leaseStoreContract(name, () => store.leases);
  installationStoreContract(name, newDatabase);
}

describe("SQLite", () => {
  const { directory, remove } = temporaryDirectory();
  afterAll(remove);
  contracts("SQLite", async () => `file:${path.join(directory, `${randomUUID()}.db`)}`);
});

describePostgres("PostgreSQL", (newDatabase) => contracts("PostgreSQL", newDatabase));
