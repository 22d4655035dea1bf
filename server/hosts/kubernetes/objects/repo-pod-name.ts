import { createHash } from "node:crypto";

/** A pod's name is this and "-0", and a label of its set this and a hash: 63 characters hold no more. */
const maxLength = 52;
const hashLength = 12;

/**
 * Of all objects of a repo pod: told apart by the repository's id, readable by its name. Objects that are there keep
 * theirs (`name`) when the repository is renamed, for another name would be another volume.
 */
export function repoPodName(of: { repositoryId: string; repositoryName: string; name?: string }): string {
  if (of.name !== undefined) return of.name;
  const hash = createHash("sha256").update(of.repositoryId).digest("hex").slice(0, hashLength);
  const slug = of.repositoryName
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, maxLength - hashLength - "trellis--".length)
    .replace(/^-+|-+$/g, "");
  return ["trellis", ...(slug === "" ? [] : [slug]), hash].join("-");
}
