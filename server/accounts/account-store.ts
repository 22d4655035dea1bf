import type { User } from "../domain/user";

export type Login = { id: string; tokenHash: string; userId: string; createdAt: Date; expiresAt: Date };

/** Rows of users, sign-in links and signed-in browsers. Tokens are kept as SHA-256 only. */
export interface AccountStore {
  /** The owner of a local installation: made when missing, else as it is. */
  ensureOwner(user: User): Promise<User>;
  getUser(id: string): Promise<User | null>;
  updateUser(id: string, patch: Partial<Pick<User, "name" | "email">>): Promise<User>;
  createLink(link: { tokenHash: string; userId: string; expiresAt: Date }): Promise<void>;
  /** Uses the link up in one atomic step: of two callers one gets the user, the other null. */
  takeLink(tokenHash: string, now: Date): Promise<User | null>;
  createLogin(login: Login): Promise<void>;
  getLogin(tokenHash: string, now: Date): Promise<{ login: Login; user: User } | null>;
  deleteLogin(id: string): Promise<void>;
  /** Expired links and logins. */
  sweep(now: Date): Promise<void>;
}
