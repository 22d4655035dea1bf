import type { Check, PullFacts } from "../domain/pull";

/** What a look at a repository's pull requests asks. */
export type ListQuestion = {
  /**
   * Of the last look that succeeded: when it began, by the forge's own clock, as ISO 8601. Null at the first: then
   * nothing that was over before is of interest.
   */
  cursor: string | null;
  /** All open ones are wanted, not only those that moved: at the first look after a start. */
  full: boolean;
  /**
   * Open ones whose details may have moved though the forge's list does not say so: checks, mergeability. One that the
   * forge has no more is left out of the answer.
   */
  pending: { number: number; headSha: string }[];
};

/** Of a list: what moved, and what to give the next time so that an unchanged list costs next to nothing. */
export type PullList = {
  /** Whole facts of each that moved, was asked for, or was closed or merged since the cursor's look. */
  pulls: PullFacts[];
  /** Numbers of all open ones where the look saw them all; null else. */
  open: number[] | null;
  cursor: string;
};

export type RepositoryFacts = { path: string; defaultBranch: string | null; cloneUrls: string[] };

export type FailingLog = { check: string; url: string | null; text: string };

export type ReviewComment = {
  id: string;
  threadId: string | null;
  author: string | null;
  /** Whether the author may write to the repository; null when the forge does not tell. */
  authorMayWrite: boolean | null;
  path: string | null;
  line: number | null;
  body: string;
  url: string | null;
  at: Date;
  resolved: boolean;
};

export type OpenedPull = { title: string; body: string; base: string; head: string; draft: boolean };

/** What the token may do: `missing` names each right that Trellis would need, with what it is for. */
export type ForgeAccount = { login: string; name: string | null; missing: string[] };

export type WebhookDelivery = { headers: Record<string, string>; body: Uint8Array };

/** What moved, as far as it is named: a look asks for it though the forge's list may not show it. Never a fact. */
export type MovedHint = { number: number | null; sha: string | null; branch: string | null };

/** What a delivery says: look at this repository. */
export type WebhookHint = MovedHint & { repository: string };

/** What the client did and may still do, by the forge's own headers. Null where it tells none. */
export type Budget = { requests: number; remaining: number | null; resetsAt: Date | null };

/**
 * One forge with one token. Every promise is rejected with an AppError in words with what to do: `unavailable` for what
 * passes by itself (5xx, timeouts, rate limits), `refused` for what a person must mend (401, 403, missing rights),
 * `not-found` only when the forge said 404 to a token that can see the repository at all, `conflict` when the head moved.
 */
export interface ForgeClient {
  check(): Promise<ForgeAccount>;
  repository(path: string): Promise<RepositoryFacts>;
  /** Pages are read until all is seen. What cannot be told of one of them is `known: false` in its facts. */
  listPulls(path: string, question: ListQuestion): Promise<PullList>;
  readPull(path: string, number: number): Promise<PullFacts>;
  /** Null where the URL is no pull request of this forge. */
  parsePullUrl(url: string): { path: string; number: number } | null;
  openPull(path: string, wanted: OpenedPull): Promise<PullFacts>;
  /** Rejected with `conflict` where the head is not `headSha` any more. */
  merge(
    path: string,
    number: number,
    options: { headSha: string; method: "merge" | "squash" | "rebase" | null; deleteBranch: boolean },
  ): Promise<PullFacts>;
  retarget(path: string, number: number, base: string): Promise<PullFacts>;
  /** Its base merged or rebased into its head by the forge. */
  update(path: string, number: number, options: { headSha: string }): Promise<PullFacts>;
  requestReview(path: string, number: number, reviewers: string[]): Promise<PullFacts>;
  /** The tail of each failing check's log, as far as the forge gives logs to this token. */
  failingLogs(path: string, failing: Check[], limits: { jobs: number; bytes: number }): Promise<FailingLog[]>;
  comments(path: string, number: number): Promise<ReviewComment[]>;
  /** Registers, or finds, the hook for `url`. */
  ensureWebhook(path: string, hook: { url: string; secret: string }): Promise<void>;
  /** Null when the signature does not hold. Never throws for what a stranger sends. */
  readWebhook(delivery: WebhookDelivery, secret: string): WebhookHint | null;
  budget(): Budget;
}
