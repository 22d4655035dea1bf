import { z } from "zod";
import { defaultRepositorySettings, type Repository, type RepositorySettings } from "../domain/repository";
import { toPage } from "../kit/page-cursor";
import { repositorySettings } from "../protocol/api";
import type { RepositoryPatch, RepositoryStore } from "../sessions/repository-store";
import type { Page } from "../sessions/session-store";
import { toColumns } from "./columns";
import { type Database, orConflict, orNotFound } from "./database";
import { jsonDate } from "./json-dates";
import { newestFirst } from "./newest-first";
import type { SecretBox } from "./secret-box";

const json = ["settings", "cloneFailure"] as const satisfies (keyof Repository)[];

/** A setting that came with a later version has its default in the rows from before. */
const storedSettings: z.ZodType<RepositorySettings> = z
  .record(z.string(), z.unknown())
  .transform((stored) => repositorySettings.parse({ ...defaultRepositorySettings, ...stored }));

const repositoryRow: z.ZodType<Repository> = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  cloneUrl: z.string(),
  host: z.enum(["local", "kubernetes"]),
  forgeId: z.string().nullable(),
  defaultBranch: z.string().nullable(),
  settings: storedSettings,
  createdAt: z.date(),
  clonedAt: z.date().nullable(),
  cloneFailure: z.object({ reason: z.string(), at: jsonDate }).nullable(),
  deletingAt: z.date().nullable(),
});
const repositories = z.array(repositoryRow);

/** The sealed secret is read by `secret` alone. */
const omit = { cloneSecret: true } as const;

export class PrismaRepositoryStore implements RepositoryStore {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  async create(repository: Repository, secret: string | null): Promise<void> {
    const cloneSecret = secret === null ? null : this.secrets.seal(secret, repository.id);
    const write = this.database.repository.create({ data: { ...toColumns(repository, json), cloneSecret }, omit });
    await orConflict(write, `${repository.cloneUrl} is registered already`);
  }

  async get(id: string): Promise<Repository | null> {
    return repositoryRow.nullable().parse(await this.database.repository.findUnique({ where: { id }, omit }));
  }

  async getFor(userId: string, id: string): Promise<Repository | null> {
    return repositoryRow.nullable().parse(await this.database.repository.findUnique({ where: { id, userId }, omit }));
  }

  async list(userId: string, page: { limit: number; cursor?: string }): Promise<Page<Repository>> {
    const { where, ...order } = newestFirst(page);
    const rows = await this.database.repository.findMany({ where: { AND: [{ userId }, where] }, ...order, omit });
    return toPage(repositories.parse(rows), page.limit);
  }

  async listAll(): Promise<Repository[]> {
    return repositories.parse(await this.database.repository.findMany({ orderBy: { createdAt: "asc" }, omit }));
  }

  async update(id: string, patch: RepositoryPatch): Promise<Repository> {
    const write = this.database.repository.update({ where: { id }, data: toColumns(patch, json), omit });
    const written = orConflict(write, `${patch.cloneUrl} is registered already`);
    return repositoryRow.parse(await orNotFound(written, `the repository ${id} is no longer there`));
  }

  async secret(id: string): Promise<string | null> {
    const row = await this.database.repository.findUnique({ where: { id }, select: { cloneSecret: true } });
    return row?.cloneSecret ? this.secrets.open(row.cloneSecret, id) : null;
  }

  async delete(id: string): Promise<void> {
    await this.database.repository.deleteMany({ where: { id } });
  }
}
