import type { Repository } from "../domain/repository";
import type { Page } from "./session-store";

export type RepositoryPatch = Partial<Omit<Repository, "id" | "userId" | "createdAt">>;

/** Rows of repositories. The secret split off a clone URL is kept encrypted and given only by `secret`. */
export interface RepositoryStore {
  /** Rejects with `AppError("conflict")` when the user already has this clone URL. */
  create(repository: Repository, secret: string | null): Promise<void>;
  get(id: string): Promise<Repository | null>;
  getFor(userId: string, id: string): Promise<Repository | null>;
  list(userId: string, page: { limit: number; cursor?: string }): Promise<Page<Repository>>;
  /** Of all users: for the clone loops. */
  listAll(): Promise<Repository[]>;
  update(id: string, patch: RepositoryPatch): Promise<Repository>;
  secret(id: string): Promise<string | null>;
  delete(id: string): Promise<void>;
}
