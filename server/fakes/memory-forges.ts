import { AppError } from "../domain/app-error";
import type { Forge } from "../domain/forge";
import type { ForgeStore } from "../pulls/forge-store";
import { copiesOf, copyOf, MemoryTables, patchRow } from "./memory-tables";

type Secrets = { token: string; webhookSecret: string };

/** Forges in memory; their secrets as they are. */
export class MemoryForges implements ForgeStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(forge: Forge, secrets: Secrets): Promise<void> {
    if ((await this.list(forge.userId)).some(({ url }) => url === forge.url))
      throw new AppError("conflict", `${forge.url} is added already`);
    this.tables.forges.set(forge.id, structuredClone(forge));
    this.tables.forgeSecrets.set(forge.id, { ...secrets });
  }

  async get(id: string): Promise<Forge | null> {
    return copyOf(this.tables.forges.get(id));
  }

  async list(userId: string): Promise<Forge[]> {
    return copiesOf(this.tables.forges.values(), (row) => row.userId === userId);
  }

  async update(id: string, { token, ...patch }: Parameters<ForgeStore["update"]>[1]): Promise<Forge> {
    const updated = patchRow(this.tables.forges, id, patch);
    const secrets = this.tables.forgeSecrets.get(id);
    if (secrets && token !== undefined) this.tables.forgeSecrets.set(id, { ...secrets, token });
    return updated;
  }

  async secrets(id: string): Promise<Secrets | null> {
    return copyOf(this.tables.forgeSecrets.get(id));
  }

  async delete(id: string): Promise<void> {
    this.tables.forges.delete(id);
    this.tables.forgeSecrets.delete(id);
  }
}
