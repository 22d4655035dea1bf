import type { HostKind } from "./repository";

/** Which host: this machine, or the one repo pod of a repository. */
export type HostRef = { kind: "local" } | { kind: "kubernetes"; repositoryId: string };

/** Where the work of a repository lives, or that of one of its sessions. */
export function hostRefOf(of: { host: HostKind; repositoryId: string }): HostRef {
  return of.host === "local" ? { kind: "local" } : { kind: "kubernetes", repositoryId: of.repositoryId };
}

/** Also for what was told of a host: whether the work lives there. */
export function livesOn(of: { host: HostKind; repositoryId: string }, ref: HostRef): boolean {
  return of.host === ref.kind && (ref.kind === "local" || ref.repositoryId === of.repositoryId);
}

/** The same text for the same host, no two alike. */
export function hostKey(ref: HostRef): string {
  return ref.kind === "local" ? "local" : `kubernetes/${ref.repositoryId}`;
}

/** Where a repository's clone and worktrees live. */
export const hostOfRepository = (repository: { id: string; host: HostKind }): HostRef =>
  hostRefOf({ host: repository.host, repositoryId: repository.id });
