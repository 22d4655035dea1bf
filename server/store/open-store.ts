import type { AccountStore } from "../accounts/account-store";
import type { Log } from "../kit/log";
import type { ChannelStore, DeliveryStore } from "../notifications/channel-store";
import type { NotificationStore } from "../notifications/notification-store";
import type { ForgeStore } from "../pulls/forge-store";
import type { PullStore } from "../pulls/pull-store";
import type { RepositoryStore } from "../sessions/repository-store";
import type { LossStore, SessionStore, WorktreeStore } from "../sessions/session-store";
import type { TerminalStore } from "../terminals/terminal-store";
import type { Database } from "./database";
import { IdempotencyStore } from "./idempotency-store";
import { InstallationStore } from "./installation-store";
import { LeaseStore } from "./lease-store";
import { PrismaAccountStore } from "./prisma-account-store";
import { PrismaChannelStore } from "./prisma-channel-store";
import { PrismaDeliveryStore } from "./prisma-delivery-store";
import { PrismaForgeStore } from "./prisma-forge-store";
import { PrismaLossStore } from "./prisma-loss-store";
import { PrismaNotificationStore } from "./prisma-notification-store";
import { PrismaPullStore } from "./prisma-pull-store";
import { PrismaRepositoryStore } from "./prisma-repository-store";
import { PrismaSessionStore } from "./prisma-session-store";
import { PrismaTerminalStore } from "./prisma-terminal-store";
import { PrismaWorktreeStore } from "./prisma-worktree-store";
import { SecretBox } from "./secret-box";

export type StoreOptions = {
  /** `file:…` is SQLite, `postgresql://…` is PostgreSQL. */
  url: string;
  /** 32 bytes: what secrets at rest are encrypted with. */
  secretKey: Uint8Array;
  /** The folder with one folder of migrations for each database. */
  migrationsDir: string;
  log: Log;
  now?: () => Date;
};

/** The one database of the program, as its rooms ask for it. */
export type Store = {
  sessions: SessionStore;
  worktrees: WorktreeStore;
  losses: LossStore;
  repositories: RepositoryStore;
  terminals: TerminalStore;
  notifications: NotificationStore;
  channels: ChannelStore;
  deliveries: DeliveryStore;
  accounts: AccountStore;
  forges: ForgeStore;
  pulls: PullStore;
  idempotency: IdempotencyStore;
  leases: LeaseStore;
  installation: InstallationStore;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/** Migrated and ready. Rejects with an `Error` that says what is wrong with the database and what to do. */
export async function openStore({
  url,
  secretKey,
  migrationsDir,
  log,
  now = () => new Date(),
}: StoreOptions): Promise<Store> {
  const secrets = new SecretBox(secretKey);
  const database = await openDatabase({ url, migrationsDir, log });
  return {
    sessions: new PrismaSessionStore(database),
    worktrees: new PrismaWorktreeStore(database),
    losses: new PrismaLossStore(database, now),
    repositories: new PrismaRepositoryStore(database, secrets),
    terminals: new PrismaTerminalStore(database),
    notifications: new PrismaNotificationStore(database),
    channels: new PrismaChannelStore(database, secrets),
    deliveries: new PrismaDeliveryStore(database),
    accounts: new PrismaAccountStore(database),
    forges: new PrismaForgeStore(database, secrets),
    pulls: new PrismaPullStore(database),
    idempotency: new IdempotencyStore(database, now),
    leases: new LeaseStore(database),
    installation: new InstallationStore(database, secrets),
    ping: async () => void (await database.$queryRaw`SELECT 1`),
    close: () => database.$disconnect(),
  };
}

/** Only the one that is asked for is loaded: each brings a query compiler and a driver of its own. */
async function openDatabase(options: Pick<StoreOptions, "url" | "migrationsDir" | "log">): Promise<Database> {
  if (options.url.startsWith("file:")) {
    const { openSqlite } = await import("./sqlite/open-sqlite");
    return openSqlite(options);
  }
  const { openPostgres } = await import("./postgres/open-postgres");
  return openPostgres(options);
}
