import type { HostKind } from "./repository";

/** In order. A step that has nothing to do (no files to copy, no setup script) is recorded as done at once. */
export const creationSteps = ["host", "clone", "fetch", "worktree", "copy-files", "setup", "terminal"] as const;
export type CreationStep = (typeof creationSteps)[number];

/** In the order that loses nothing. Each may be repeated after a crash. */
export const endingSteps = ["stop", "look", "save", "verify", "set-aside", "forget", "confirm"] as const;
export type EndingStep = (typeof endingSteps)[number];

/** The title of a session that nobody gave one. */
export const untitled = "New session";

export type StepRecord<Step> = { step: Step; startedAt: Date; endedAt: Date | null; detail: string | null };

export type Keep = "rescue" | "push" | "commit-and-push" | "nothing";

export type Failure = {
  step: CreationStep | EndingStep;
  /** What went wrong and what to do, git's own words included. */
  reason: string;
  /** The last lines the step printed, at most 4 KiB. */
  output: string | null;
  at: Date;
};

export type RescueRef = { ref: string; sha: string };

/** Facts of one session. Its phase and status are derived when read. */
export type Session = {
  id: string;
  shortId: string;
  title: string;
  userId: string;
  username: string;
  repositoryId: string;
  host: HostKind;
  branch: string;
  /** The base asked for, or null for the latest default branch. */
  base: string | null;
  baseBranch: string | null;
  baseSha: string | null;
  wanted: "active" | "ended";
  creation: StepRecord<CreationStep>[];
  /** Set when a step cannot go on by itself; `retry` clears it. */
  failure: Failure | null;
  /** What the owner asked for at End, with the look they saw. Null until then, and again after a refused push. */
  ending: { keep: Keep; lossToken: string | null; requestedAt: Date } | null;
  endingSteps: StepRecord<EndingStep>[];
  /** Why the last End was given up (a refused push, more to lose than was seen); null when none was. */
  endRefusal: { reason: string; at: Date } | null;
  rescueRefs: RescueRef[];
  pushedBranches: string[];
  /** The rescue that this session was made from, by the id of the ended session. */
  restoredFromId: string | null;
  /** The address of the pull request that it was made from: `branch` is then that one's, not a name of Trellis's. */
  adoptedFrom: string | null;
  createdAt: Date;
  endedAt: Date | null;
  /** When its worktree was last looked at successfully. */
  seenAt: Date | null;
};

/** A checkout. Its record outlives the session; its path is unique. */
export type Worktree = {
  id: string;
  sessionId: string | null;
  repositoryId: string;
  path: string;
  branch: string;
  madeAt: Date | null;
  setAsidePath: string | null;
  setAsideAt: Date | null;
  /** When the directory set aside was removed, and why. */
  purged: { at: Date; reason: "kept-long-enough" | "disk-short" | "by-hand" } | null;
};

/** What a user reads; derived from facts by the sessions room, never stored. */
export type Phase = "creating" | "active" | "unreachable" | "ending" | "ended" | "failed";
