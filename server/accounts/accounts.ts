import type { User } from "../domain/user";

/** Who is asking: decided once, at the edge. */
export type Identity = { user: User; by: "cookie" | "token"; loginId: string | null };

export interface Accounts {
  owner(): Promise<User>;
  /** A one-time token, good for 15 minutes; only its hash is kept. */
  makeSignInToken(userId: string): Promise<{ token: string; expiresAt: Date }>;
  /** Null when it is unknown, used or too old. The cookie's value is given once and kept as a hash. */
  signIn(token: string): Promise<{ user: User; cookie: string; expiresAt: Date } | null>;
  signOut(loginId: string): Promise<void>;
  byCookie(cookie: string): Promise<Identity | null>;
  byBearer(token: string): Promise<Identity | null>;
  updateUser(userId: string, patch: { name?: string; email?: string }): Promise<User>;
}
