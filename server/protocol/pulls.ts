import { z } from "zod";

/** Pull requests and forges on the wire. Times are ISO 8601 UTC. What is unknown says so: never none, clean or green. */
const time = z.iso.datetime();

export const forgeKind = z.enum(["github", "forgejo", "gitlab"]);

export const pullView = z.object({
  id: z.string(),
  url: z.string(),
  /** Null, as all that only the forge tells, while no look at it succeeded. */
  provider: forgeKind.nullable(),
  repository: z.string().nullable(),
  number: z.int().nullable(),
  title: z.string().nullable(),
  author: z.string().nullable(),
  headRef: z.string().nullable(),
  headSha: z.string().nullable(),
  baseRef: z.string().nullable(),
  draft: z.boolean(),
  state: z.enum(["open", "closed", "merged", "unknown"]),
  checks: z.object({
    state: z.enum(["none", "pending", "passing", "failing", "unknown"]),
    passed: z.int(),
    pending: z.int(),
    failing: z.array(z.object({ name: z.string(), url: z.string().nullable() })),
    /** Each of them, for the panel. */
    all: z.array(
      z.object({
        name: z.string(),
        state: z.enum(["pending", "passing", "failing", "neutral"]),
        url: z.string().nullable(),
      }),
    ),
    /** Required ones that have not passed on this head; null when the forge does not tell. */
    requiredMissing: z.array(z.string()).nullable(),
  }),
  review: z.object({
    state: z.enum(["none", "pending", "changes-requested", "approved", "unknown"]),
    reviewers: z.array(
      z.object({
        name: z.string(),
        state: z.enum(["pending", "commented", "approved", "changes-requested"]),
        stale: z.boolean(),
      }),
    ),
    unresolvedThreads: z.int().nullable(),
  }),
  mergeable: z.enum(["clean", "conflict", "blocked", "unknown"]),
  autoMerge: z.boolean(),
  stack: z
    .object({
      position: z.int(),
      size: z.int(),
      state: z.enum(["root", "blocked", "ready", "orphaned", "needs-retarget", "cycle"]),
      parentUrl: z.string().nullable(),
    })
    .nullable(),
  /** The word that this one gives its session; null when it is not open. */
  word: z
    .enum(["ci_failed", "changes_requested", "draft", "review_pending", "pr_open", "approved", "mergeable"])
    .nullable(),
  attributedBy: z.enum(["branch", "descendant", "worktree", "stack", "by-hand", "opened-here"]).nullable(),
  /** What held, in words. */
  evidence: z.string().nullable(),
  /** The session whose own it is; null for one of somebody else's that stands in a stack with it. */
  sessionId: z.string().nullable(),
  seenAt: time.nullable(),
  /** Why the last look failed, since the facts were seen. */
  lookFailure: z.object({ reason: z.string(), at: time }).nullable(),
  createdAt: time.nullable(),
  mergedAt: time.nullable(),
});
export type PullView = z.infer<typeof pullView>;

/** An open one of a repository, as far as it is known without asking the forge: a session may be made from it. */
export const openPullView = pullView.pick({ url: true, author: true, draft: true, sessionId: true }).extend({
  number: z.int(),
  title: z.string(),
  headRef: z.string(),
  baseRef: z.string(),
  /** Its branch lies in another repository: no session is made from it here, and nothing can stand on it. */
  inFork: z.boolean(),
});
export type OpenPullView = z.infer<typeof openPullView>;

/** What opening one would say, from the commits of its branch that the base does not have. */
export const pullDraftView = z.object({
  title: z.string(),
  body: z.string(),
  base: z.string(),
  head: z.string(),
  /** Oldest first, at most the newest 50. */
  commits: z.array(z.object({ sha: z.string(), subject: z.string() })),
  /** Whether the remote has the branch, as it was last seen from the worktree, and how many of its commits it lacks. */
  isPushed: z.boolean(),
  unpushed: z.int(),
});
export type PullDraftView = z.infer<typeof pullDraftView>;

/** A message for the agent, ready to be copied. */
export const nudgeView = z.object({
  id: z.string(),
  pullId: z.string(),
  kind: z.enum(["checks", "review", "conflict"]),
  text: z.string(),
  createdAt: time,
});
export type NudgeView = z.infer<typeof nudgeView>;

export const forgeView = z.object({
  id: z.string(),
  kind: forgeKind,
  url: z.string(),
  account: z.object({ login: z.string(), name: z.string().nullable() }).nullable(),
  trouble: z.object({ reason: z.string(), since: time }).nullable(),
  /** Rights that the token lacks, each with what it is for, as the last check found them. */
  missing: z.array(z.string()),
  /** Where its webhooks deliver; null while the forge could not reach this server. */
  webhookUrl: z.string().nullable(),
  createdAt: time,
});
export type ForgeView = z.infer<typeof forgeView>;

const branch = z.string().min(1).max(250);

/** Without them: from the session's branch onto where it began. */
export const draftQuery = z.object({ base: branch.optional(), head: branch.optional() });

export const createForge = z
  .object({ kind: forgeKind, url: z.string().min(1).max(2048), token: z.string().min(1).max(16_384) })
  .strict();
export const patchForge = z.object({ token: z.string().min(1).max(16_384) }).strict();

/** `{url}` links by hand; `{title, …}` opens one on the forge. */
export const createPull = z.union([
  z.object({ url: z.string().min(1).max(2048) }).strict(),
  z
    .object({
      title: z.string().trim().min(1).max(500),
      body: z.string().max(65_536).optional(),
      base: branch.optional(),
      head: branch.optional(),
      draft: z.boolean().optional(),
    })
    .strict(),
]);
export const mergePull = z
  .object({ headSha: z.string().regex(/^[0-9a-f]{40,64}$/), method: z.enum(["merge", "squash", "rebase"]).optional() })
  .strict();
export const retargetPull = z.object({ base: branch }).strict();
export const requestReview = z.object({ reviewers: z.array(z.string().min(1).max(200)).min(1).max(50) }).strict();
