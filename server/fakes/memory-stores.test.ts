import { accountStoreContract } from "../accounts/account-store.contract";
import { channelStoreContract } from "../notifications/channel-store.contract";
import { notificationStoreContract } from "../notifications/notification-store.contract";
import { pullStoreContract } from "../pulls/pull-store.contract";
import { lossStoreContract } from "../sessions/loss-store.contract";
import { repositoryStoreContract } from "../sessions/repository-store.contract";
import { sessionStoreContract } from "../sessions/session-store.contract";
import { worktreeStoreContract } from "../sessions/worktree-store.contract";
import type { ContractStores } from "../store/testing/contract-stores";
import { terminalStoreContract } from "../terminals/terminal-store.contract";
import { MemoryAccounts } from "./memory-accounts";
import { MemoryChannels, MemoryDeliveries } from "./memory-channels";
import { MemoryForges } from "./memory-forges";
import { MemoryLosses } from "./memory-losses";
import { MemoryNotifications } from "./memory-notifications";
import { MemoryPulls } from "./memory-pulls";
import { MemoryRepositories } from "./memory-repositories";
import { MemorySessions } from "./memory-sessions";
import { MemoryTables } from "./memory-tables";
import { MemoryTerminals } from "./memory-terminals";
import { MemoryWorktrees } from "./memory-worktrees";

function open(): ContractStores {
  const tables = new MemoryTables();
  const clock = { at: new Date() };
  return {
    clock,
    sessions: new MemorySessions(tables),
    worktrees: new MemoryWorktrees(tables),
    losses: new MemoryLosses(tables, () => clock.at),
    repositories: new MemoryRepositories(tables),
    terminals: new MemoryTerminals(tables),
    notifications: new MemoryNotifications(tables),
    channels: new MemoryChannels(tables),
    deliveries: new MemoryDeliveries(tables),
    accounts: new MemoryAccounts(tables),
    forges: new MemoryForges(tables),
    pulls: new MemoryPulls(tables),
  };
}

for (const contract of [
  sessionStoreContract,
  worktreeStoreContract,
  lossStoreContract,
  repositoryStoreContract,
  terminalStoreContract,
  notificationStoreContract,
  channelStoreContract,
  pullStoreContract,
  accountStoreContract,
])
  contract("memory", open);
