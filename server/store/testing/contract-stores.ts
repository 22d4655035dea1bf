import type { Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import type { User } from "../../domain/user";
import { sampleRepository, sampleSession, sampleUser } from "../../fakes/sample-rows";
import type { Store } from "../open-store";

/** What a contract suite runs over: every row in it belongs to some other test, too. */
export type ContractStores = Omit<Store, "idempotency" | "leases" | "installation" | "ping" | "close"> & {
  /** What the stores take for now. */
  clock: { at: Date };
};

export type OpenStores = () => ContractStores;

/** A user with a repository and a session of their own. */
export async function seed(
  stores: Pick<Store, "accounts" | "repositories" | "sessions">,
): Promise<{ user: User; repository: Repository; session: Session }> {
  const user = sampleUser();
  const repository = sampleRepository(user.id);
  const session = sampleSession(repository);
  await stores.accounts.ensureOwner(user);
  await stores.repositories.create(repository, null);
  await stores.sessions.create(session);
  return { user, repository, session };
}

/** All of a list, page by page. */
export async function readPages<Row>(
  read: (cursor: { cursor?: string }) => Promise<{ items: Row[]; nextCursor: string | null }>,
): Promise<Row[][]> {
  const pages: Row[][] = [];
  let cursor: { cursor?: string } = {};
  while (true) {
    const { items, nextCursor } = await read(cursor);
    pages.push(items);
    if (nextCursor === null) return pages;
    cursor = { cursor: nextCursor };
  }
}
