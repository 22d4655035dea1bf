/** `forgejo` stands for Gitea too: they share their API. */
export type ForgeKind = "github" | "forgejo" | "gitlab";

/** A place where pull requests live, reached with one token of a user's. The token itself is never in here. */
export type Forge = {
  id: string;
  userId: string;
  kind: ForgeKind;
  /** The origin that its pages have, with a path where it lies below one; without a slash at the end. */
  url: string;
  /** Whose token it is, and the rights that it lacks, as the forge said when it was last checked. */
  account: { login: string; name: string | null; missing: string[] } | null;
  /** What is wrong now, in words with what to do, since when; null while the forge answers as it should. */
  trouble: { reason: string; since: Date } | null;
  createdAt: Date;
};
