import { z } from "zod";
import type { Forge } from "../domain/forge";
import type { ForgeStore } from "../pulls/forge-store";
import { toColumns } from "./columns";
import { type Database, orConflict, orNotFound } from "./database";
import { jsonDate } from "./json-dates";
import type { SecretBox } from "./secret-box";

const json = ["account", "trouble"] as const satisfies (keyof Forge)[];
/** The sealed secrets are read by `secrets` alone. */
const omit = { secrets: true } as const;
const secretsText = z.object({ token: z.string(), webhookSecret: z.string() });

const forgeRow: z.ZodType<Forge> = z.object({
  id: z.string(),
  userId: z.string(),
  kind: z.enum(["github", "forgejo", "gitlab"]),
  url: z.string(),
  account: z
    .object({
      ...{ login: z.string(), name: z.string().nullable() },
      // Rows from before it was kept have none.
      missing: z.array(z.string()).default([]),
    })
    .nullable(),
  trouble: z.object({ reason: z.string(), since: jsonDate }).nullable(),
  createdAt: z.date(),
});
const forges = z.array(forgeRow);

export class PrismaForgeStore implements ForgeStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  async create(forge: Forge, secrets: z.infer<typeof secretsText>): Promise<void> {
    const data = { ...toColumns(forge, json), secrets: this.#seal(forge.id, secrets) };
    await orConflict(this.database.forge.create({ data, omit }), `${forge.url} is added already`);
  }

  async get(id: string): Promise<Forge | null> {
    return forgeRow.nullable().parse(await this.database.forge.findUnique({ where: { id }, omit }));
  }

  async list(userId: string): Promise<Forge[]> {
    const orderBy = [{ createdAt: "asc" as const }, { id: "asc" as const }];
    return forges.parse(await this.database.forge.findMany({ where: { userId }, orderBy, omit }));
  }

  async update(id: string, { token, ...patch }: Parameters<ForgeStore["update"]>[1]): Promise<Forge> {
    const known = token === undefined ? null : await this.secrets(id);
    const sealed = known && token !== undefined ? { secrets: this.#seal(id, { ...known, token }) } : {};
    const write = this.database.forge.update({ where: { id }, data: { ...toColumns(patch, json), ...sealed }, omit });
    return forgeRow.parse(await orNotFound(write, `the forge ${id} is no longer there`));
  }

  async secrets(id: string): Promise<z.infer<typeof secretsText> | null> {
    const row = await this.database.forge.findUnique({ where: { id }, select: { secrets: true } });
    return row && secretsText.parse(JSON.parse(this.box.open(row.secrets, id)));
  }

  async delete(id: string): Promise<void> {
    await this.database.forge.deleteMany({ where: { id } });
  }

  #seal(id: string, secrets: z.infer<typeof secretsText>): string {
    return this.box.seal(JSON.stringify(secrets), id);
  }
}
