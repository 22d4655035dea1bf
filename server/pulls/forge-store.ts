import type { Forge } from "../domain/forge";

/** Forges of users; tokens and webhook secrets are kept encrypted and given only here. */
export interface ForgeStore {
  create(forge: Forge, secrets: { token: string; webhookSecret: string }): Promise<void>;
  get(id: string): Promise<Forge | null>;
  list(userId: string): Promise<Forge[]>;
  update(id: string, patch: Partial<Pick<Forge, "url" | "account" | "trouble">> & { token?: string }): Promise<Forge>;
  secrets(id: string): Promise<{ token: string; webhookSecret: string } | null>;
  /** What it followed stays, with the facts as they were last seen. */
  delete(id: string): Promise<void>;
}
