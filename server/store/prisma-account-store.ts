import { z } from "zod";
import type { AccountStore, Login } from "../accounts/account-store";
import type { User } from "../domain/user";
import { toColumns } from "./columns";
import { type Database, isTaken, orNotFound } from "./database";

const userRow: z.ZodType<User> = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(["admin", "member"]),
  createdAt: z.date(),
});

export class PrismaAccountStore implements AccountStore {
  constructor(private readonly database: Database) {}

  async ensureOwner(user: User): Promise<User> {
    const before = await this.getUser(user.id);
    if (before) return before;
    try {
      return userRow.parse(await this.database.user.create({ data: toColumns(user, []) }));
    } catch (error) {
      const made = isTaken(error) ? await this.getUser(user.id) : null; // by another at the same time
      if (made) return made;
      throw error;
    }
  }

  async getUser(id: string): Promise<User | null> {
    return userRow.nullable().parse(await this.database.user.findUnique({ where: { id } }));
  }

  async updateUser(id: string, patch: Partial<Pick<User, "name" | "email">>): Promise<User> {
    const write = this.database.user.update({ where: { id }, data: toColumns(patch, []) });
    return userRow.parse(await orNotFound(write, `the user ${id} is not there`));
  }

  async createLink(link: { tokenHash: string; userId: string; expiresAt: Date }): Promise<void> {
    await this.database.signInLink.create({ data: link });
  }

  async takeLink(tokenHash: string, now: Date): Promise<User | null> {
    // One statement decides, so that of two at the same time one changes the row and the other changes none.
    const where = { tokenHash, usedAt: null, expiresAt: { gt: now } };
    const [used] = await this.database.signInLink.updateManyAndReturn({ where, data: { usedAt: now } });
    return used ? this.getUser(used.userId) : null;
  }

  async createLogin(login: Login): Promise<void> {
    await this.database.login.create({ data: login });
  }

  async getLogin(tokenHash: string, now: Date): Promise<{ login: Login; user: User } | null> {
    const where = { tokenHash, expiresAt: { gt: now } };
    const row = await this.database.login.findUnique({ where, include: { user: true } });
    if (!row) return null;
    const { user, ...login } = row;
    return { login, user: userRow.parse(user) };
  }

  async deleteLogin(id: string): Promise<void> {
    await this.database.login.deleteMany({ where: { id } });
  }

  async sweep(now: Date): Promise<void> {
    const where = { expiresAt: { lte: now } };
    await this.database.signInLink.deleteMany({ where });
    await this.database.login.deleteMany({ where });
  }
}
