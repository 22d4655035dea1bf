import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { User } from "../domain/user";
import type { AccountStore } from "./account-store";
import type { Accounts } from "./accounts";

const signInMs = 15 * 60 * 1000;
const loginMs = 30 * 24 * 60 * 60 * 1000;

/** The one owner of an installation, whoever the system says they are: data restored on another machine stays theirs. */
export const ownerId = "owner";

export type AccountsOptions = {
  store: AccountStore;
  /** As the system knows them; used when the owner is first made. */
  owner: { username: string; name: string; email: string };
  /** Of scripts: it acts for the owner. */
  apiToken: string;
  now(): Date;
};

/** The accounts of an installation with one owner. Tokens and cookies leave here once; only their SHA-256 stays. */
export function createAccounts({ store, owner: asKnown, apiToken, now }: AccountsOptions): Accounts {
  const apiTokenHash = hash(apiToken);
  const owner = (): Promise<User> => store.ensureOwner({ id: ownerId, ...asKnown, role: "admin", createdAt: now() });
  return {
    owner,

    async makeSignInToken(userId) {
      await store.sweep(now());
      const token = newToken();
      const expiresAt = new Date(now().getTime() + signInMs);
      await store.createLink({ tokenHash: hex(token), userId, expiresAt });
      return { token, expiresAt };
    },

    async signIn(token) {
      const user = await store.takeLink(hex(token), now());
      if (!user) return null;
      const cookie = newToken();
      const createdAt = now();
      const expiresAt = new Date(createdAt.getTime() + loginMs);
      await store.createLogin({ id: randomUUID(), tokenHash: hex(cookie), userId: user.id, createdAt, expiresAt });
      return { user, cookie, expiresAt };
    },

    signOut: (loginId) => store.deleteLogin(loginId),

    async byCookie(cookie) {
      const found = await store.getLogin(hex(cookie), now());
      return found && { user: found.user, by: "cookie", loginId: found.login.id };
    },

    async byBearer(token) {
      // Hashes have one length, so that the time taken tells nothing about the token, not even how long it is.
      if (!timingSafeEqual(hash(token), apiTokenHash)) return null;
      return { user: await owner(), by: "token", loginId: null };
    },

    updateUser: (userId, patch) => store.updateUser(userId, patch),
  };
}

const newToken = (): string => randomBytes(32).toString("base64url");
const hash = (token: string): Buffer => createHash("sha256").update(token).digest();
const hex = (token: string): string => hash(token).toString("hex");
