/** Worst first: the order in which a session takes the word of one of its pull requests. */
export const openWords = [
  "ci_failed",
  "changes_requested",
  "draft",
  "review_pending",
  "pr_open",
  "approved",
  "mergeable",
] as const;
export type OpenWord = (typeof openWords)[number];
