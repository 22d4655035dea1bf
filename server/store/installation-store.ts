import { randomUUID } from "node:crypto";
import { type Database, isTaken } from "./database";
import type { SecretBox } from "./secret-box";

/** What the installation is called by what it owns elsewhere. It stands in the database, so a copy of that is the same one. */
export class InstallationStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Random, made by whoever asks first, the same ever after. */
  id(): Promise<string> {
    return this.#once("installation-id", randomUUID);
  }

  /** Made by whoever asks first, encrypted, the same ever after. `AppError("refused")` with another secret key. */
  async secret(name: string, make: () => string): Promise<string> {
    const rowId = `setting ${name}`;
    return this.box.open(await this.#once(name, () => this.box.seal(make(), rowId)), rowId);
  }

  async #once(name: string, make: () => string): Promise<string> {
    const known = await this.#read(name);
    if (known !== null) return known;
    try {
      return (await this.database.setting.create({ data: { name, value: make() } })).value;
    } catch (error) {
      const made = isTaken(error) ? await this.#read(name) : null; // by another at the same time
      if (made !== null) return made;
      throw error;
    }
  }

  async #read(name: string): Promise<string | null> {
    return (await this.database.setting.findUnique({ where: { name } }))?.value ?? null;
  }
}
