import type { Forge, ForgeKind } from "../domain/forge";
import type { Nudge, Pull, PullFacts } from "../domain/pull";
import type { User } from "../domain/user";
import type { OpenedPull, WebhookDelivery } from "./forge-client";
import type { RepositoryLook } from "./pull-store";
import type { SessionStatus } from "./session-status";
import type { StackPlace } from "./stacks";

/** A pull request as it is read: its facts, and where it stands. */
export type PullReading = { pull: Pull; stack: StackPlace | null };

/** Of one session, newest first; with the word that they give it together. */
export type SessionPulls = {
  own: PullReading[];
  /** Those of others in stacks with its own. */
  around: PullReading[];
  nudges: Nudge[];
  /** Addresses of pull requests that its programs printed and that are nobody's yet: a person may track them. */
  hints: string[];
  status: SessionStatus;
};

export type ForgeReading = { forge: Forge; hookUrl: string | null };

/**
 * All that the API may ask about pull requests and forges. Every call is scoped by the user. What a forge refuses is
 * rejected in its own words.
 */
export interface Pulls {
  /** Reads what is stored; asks no forge. */
  readMany(sessionIds: string[]): Promise<Map<string, SessionPulls>>;
  /** The open ones of a repository that are known, newest first; asks no forge. */
  openOf(user: User, repositoryId: string): Promise<OpenPull[]>;
  /** What the forge does not give of this repository alone, in words with what to do; null where all is well. */
  troubleOf(repositoryId: string): Promise<RepositoryLook["trouble"]>;
  /** The branch that a session made from it works on. Refused in words where it has none that could be pushed to. */
  forAdoption(user: User, repositoryId: string, url: string): Promise<Adoption>;
  /** Links by hand: with a forge for its address its facts are looked at, else they stay unknown, and that is said. */
  link(user: User, sessionId: string, url: string): Promise<PullReading>;
  /** What opening one would say, from what the branch adds to the base. `unavailable` where the worktree cannot be asked. */
  draft(user: User, sessionId: string, wanted: { base?: string; head?: string }): Promise<PullDraft>;
  open(user: User, sessionId: string, wanted: Partial<OpenedPull> & { title: string }): Promise<PullReading>;
  unlink(user: User, sessionId: string, pullId: string): Promise<void>;
  merge(
    user: User,
    at: At,
    wanted: { headSha: string; method: "merge" | "squash" | "rebase" | null },
  ): Promise<PullReading>;
  retarget(user: User, at: At, base: string): Promise<PullReading>;
  update(user: User, at: At): Promise<PullReading>;
  requestReview(user: User, at: At, reviewers: string[]): Promise<PullReading>;
  /** Looks at the forge now. */
  refresh(user: User, at: At): Promise<PullReading>;
  /** A person copied it, or put it away. */
  doneWithNudge(user: User, at: At, nudgeId: string): Promise<void>;

  forges(user: User): Promise<ForgeReading[]>;
  /** The token is checked on the spot: refused with what it lacks. */
  addForge(user: User, wanted: { kind: ForgeKind; url: string; token: string }): Promise<ForgeReading>;
  changeForge(user: User, id: string, patch: { token: string }): Promise<ForgeReading>;
  /** Looks again at what its token may do; what it lacks stays told until then. */
  checkForge(user: User, id: string): Promise<ForgeReading>;
  removeForge(user: User, id: string): Promise<void>;
  /** Registers the webhook of a repository at its forge. */
  registerWebhook(user: User, repositoryId: string): Promise<void>;
  /** False where the signature does not hold, or nobody knows that forge. What holds makes us look, and nothing more. */
  deliver(forgeId: string, delivery: WebhookDelivery): Promise<boolean>;
}

/** An open pull request of a repository, and the session whose own it is. */
export type OpenPull = { facts: PullFacts; sessionId: string | null };

/** Of a pull request that is not opened yet. */
export type PullDraft = {
  title: string;
  body: string;
  base: string;
  head: string;
  /** What the head adds to the base, oldest first. */
  commits: { sha: string; subject: string }[];
  /** Whether the remote has the head, as it was last seen from the worktree, and how many commits it lacks. */
  isPushed: boolean;
  unpushed: number;
};

/** A pull request that a session is to be made from. */
export type Adoption = {
  url: string;
  branch: string;
  baseBranch: string;
  title: string;
  /** Its branch lies in another repository than the one that is cloned. */
  inFork: boolean;
};

export type At = { sessionId: string; pullId: string };

/** What `compose` runs. */
export type PullsRoom = Pulls & {
  start(): Promise<void>;
  /** Resolves when no look is under way: after the signal. */
  idle(): Promise<void>;
  /** A program of the session printed that address: looked at soon, and believed of nothing. */
  printed(sessionId: string, url: string): void;
  /** Something may have moved there: a push, a new session, a URL that was printed. */
  wake(repositoryId: string): void;
};
