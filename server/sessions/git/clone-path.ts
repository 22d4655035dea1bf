import { join } from "node:path/posix";
import type { Repository } from "../../domain/repository";
import type { Host } from "../host";

/** Where the one clone of a repository lies on its host. Every worktree of its sessions belongs to it. */
export function clonePath(host: Host, repository: Pick<Repository, "id">): string {
  return join(host.paths().repositories, repository.id);
}
