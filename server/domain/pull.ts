import type { ForgeKind } from "./forge";

/** A fact, or why it is not known. Unknown is never read as none, clean or green. */
export type Fact<T> = ({ known: true } & T) | { known: false; reason: string };

/** `neutral` neither passes nor fails: skipped and neutral runs of the forge. */
export type Check = {
  name: string;
  state: "pending" | "passing" | "failing" | "neutral";
  url: string | null;
  /** What the forge calls the run behind it, for its log; null where it has none. */
  runId: string | null;
};

export type Checks = {
  /** The head that they ran on. */
  sha: string;
  checks: Check[];
  /** Of required checks, those that have not passed on this head; null when the forge does not tell. */
  requiredMissing: string[] | null;
};

/** The latest word that decides of each reviewer; who was asked and has not answered is `pending`. */
export type Reviewer = {
  name: string;
  state: "pending" | "commented" | "approved" | "changes-requested";
  /** Said of an older head, where the forge tells. */
  stale: boolean;
  /** The forge's id of that word, another for each; absent where it has none, until it is stored. */
  wordId?: string | undefined;
};

export type Reviews = {
  reviewers: Reviewer[];
  unresolvedThreads: number;
  /** Approvals that the forge still wants; null when it does not tell. */
  approvalsMissing: number | null;
};

export type Mergeability = {
  /** `blocked`: no conflict, but the forge would refuse. */
  state: "clean" | "conflict" | "blocked";
};

/** What the forge said of one pull request, all seen in one look. */
export type PullFacts = {
  provider: ForgeKind;
  /** The forge's own lasting id: a transferred repository changes the path and number, never this. */
  providerId: string;
  url: string;
  /** Path of the repository that it is to be merged into. */
  repository: string;
  number: number;
  title: string;
  author: string | null;
  /** `repository` is null where the fork is gone. */
  head: { repository: string | null; branch: string; sha: string };
  base: { branch: string; sha: string | null };
  draft: boolean;
  state: "open" | "closed" | "merged";
  createdAt: Date;
  updatedAt: Date;
  mergedAt: Date | null;
  mergeSha: string | null;
  checks: Fact<Checks>;
  review: Fact<Reviews>;
  mergeability: Fact<Mergeability>;
  /** GitHub's own stack, where it is part of one. */
  nativeStack: { id: string; position: number; size: number } | null;
  autoMerge: boolean;
};

/** The rule by which a pull request is a session's, in the order in which they are tried. */
export type AttributedBy = "by-hand" | "opened-here" | "branch" | "descendant" | "worktree" | "stack";

/** A pull request that is followed: a session's own, or one that stands in a stack with such. */
export type Pull = {
  id: string;
  repositoryId: string;
  /** Null for one that is followed only because it stands in a stack with a session's own. */
  sessionId: string | null;
  attributedBy: AttributedBy | null;
  /** What held, for a person to read: the branch, the sha that was made here, the parent. */
  evidence: string | null;
  /** Sessions that a person took it away from: the rules never give it back. */
  unlinkedFrom: string[];
  /** Null while no look succeeded: linked by hand without a forge for its address. */
  facts: PullFacts | null;
  url: string;
  /** Base branches that it was seen with before the one it has. */
  formerBases: string[];
  /** Where it was moved from, and to, for the merge of the one below it that was not seen to its end. */
  movedFor: { pullId: string; from: string; to: string } | null;
  /** When `facts` were seen, and why the last look failed since, if it did. */
  seenAt: Date | null;
  lookFailure: { reason: string; at: Date } | null;
  createdAt: Date;
};

export type NudgeKind = "checks" | "review" | "conflict";

/** A message for the agent about one pull request, ready to be sent by a person. */
export type Nudge = {
  id: string;
  pullId: string;
  kind: NudgeKind;
  /** What it is about, so that the same is never said twice: head and failing names, comment ids, head and base. */
  signature: string;
  text: string;
  createdAt: Date;
  /** When a person copied it, or put it away. */
  doneAt: Date | null;
  /** When what it is about was over: older ones do not count against the cap any more. */
  settledAt: Date | null;
};
