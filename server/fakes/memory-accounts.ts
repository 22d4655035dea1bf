import type { AccountStore, Login } from "../accounts/account-store";
import type { User } from "../domain/user";
import { copyOf, MemoryTables, patchRow } from "./memory-tables";

/** Users, links and logins in memory. */
export class MemoryAccounts implements AccountStore {
  constructor(readonly tables = new MemoryTables()) {}

  async ensureOwner(user: User): Promise<User> {
    if (!this.tables.users.has(user.id)) this.tables.users.set(user.id, structuredClone(user));
    return structuredClone(this.tables.users.get(user.id) ?? user);
  }

  async getUser(id: string): Promise<User | null> {
    return copyOf(this.tables.users.get(id));
  }

  async updateUser(id: string, patch: Partial<Pick<User, "name" | "email">>): Promise<User> {
    return patchRow(this.tables.users, id, patch);
  }

  async createLink(link: { tokenHash: string; userId: string; expiresAt: Date }): Promise<void> {
    this.tables.links.set(link.tokenHash, { ...link, usedAt: null });
  }

  async takeLink(tokenHash: string, now: Date): Promise<User | null> {
    const link = this.tables.links.get(tokenHash);
    if (!link || link.usedAt !== null || link.expiresAt <= now) return null;
    link.usedAt = now;
    return this.getUser(link.userId);
  }

  async createLogin(login: Login): Promise<void> {
    this.tables.logins.set(login.id, structuredClone(login));
  }

  async getLogin(tokenHash: string, now: Date): Promise<{ login: Login; user: User } | null> {
    const login = [...this.tables.logins.values()].find((row) => row.tokenHash === tokenHash && row.expiresAt > now);
    const user = login && (await this.getUser(login.userId));
    return login && user ? { login: structuredClone(login), user } : null;
  }

  async deleteLogin(id: string): Promise<void> {
    this.tables.logins.delete(id);
  }

  async sweep(now: Date): Promise<void> {
    for (const [hash, { expiresAt }] of this.tables.links) if (expiresAt <= now) this.tables.links.delete(hash);
    for (const [id, { expiresAt }] of this.tables.logins) if (expiresAt <= now) this.tables.logins.delete(id);
  }
}
