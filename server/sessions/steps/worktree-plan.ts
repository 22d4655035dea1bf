/** As git and the file system show it now. */
export type WorktreeSeen = {
  directory: "absent" | "empty" | "worktree" | "something-else";
  /** Git's record of it in the clone; `lock` is the reason it is locked for, null when it is not. */
  record: { lock: string | null } | null;
};

export type WorktreePlan =
  /** Nothing there: add it. */
  | "add"
  /** Git died, or was ended, inside it, and nobody has worked in it: take away what is there, then add. */
  | "clear"
  /** Added, and nobody has worked in it: check it out again from the start. */
  | "finish"
  /** Git knows it and its directory went behind our back: put it back as git last had it. */
  | "put-back"
  | "done"
  /** Something that is not ours is in its place. */
  | "taken";

/** Holds a worktree from its first moment until it is complete, so that a half-made one is known after any crash. */
export const beingMade = "trellis: being made";

/** Pure. Only what carries the lock of its making is ever cleared away. */
export function worktreePlan({ directory, record }: WorktreeSeen): WorktreePlan {
  if (record === null) return directory === "absent" || directory === "empty" ? "add" : "taken";
  if (record.lock === beingMade || record.lock === "initializing") return directory === "worktree" ? "finish" : "clear";
  return directory === "worktree" ? "done" : "put-back";
}
