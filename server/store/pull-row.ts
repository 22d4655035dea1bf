import { z } from "zod";
import type { Nudge, Pull, PullFacts } from "../domain/pull";
import type { RepositoryLook } from "../pulls/pull-store";
import { jsonDate } from "./json-dates";

const known = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion("known", [
    z.object({ known: z.literal(true), ...shape }),
    z.object({ known: z.literal(false), reason: z.string() }),
  ]);

const facts: z.ZodType<PullFacts> = z.object({
  provider: z.enum(["github", "forgejo", "gitlab"]),
  providerId: z.string(),
  url: z.string(),
  repository: z.string(),
  number: z.int(),
  title: z.string(),
  author: z.string().nullable(),
  head: z.object({ repository: z.string().nullable(), branch: z.string(), sha: z.string() }),
  base: z.object({ branch: z.string(), sha: z.string().nullable() }),
  draft: z.boolean(),
  state: z.enum(["open", "closed", "merged"]),
  createdAt: jsonDate,
  updatedAt: jsonDate,
  mergedAt: jsonDate.nullable(),
  mergeSha: z.string().nullable(),
  checks: known({
    sha: z.string(),
    checks: z.array(
      z.object({
        name: z.string(),
        state: z.enum(["pending", "passing", "failing", "neutral"]),
        url: z.string().nullable(),
        runId: z.string().nullable(),
      }),
    ),
    requiredMissing: z.array(z.string()).nullable(),
  }),
  review: known({
    reviewers: z.array(
      z.object({
        name: z.string(),
        state: z.enum(["pending", "commented", "approved", "changes-requested"]),
        stale: z.boolean(),
        wordId: z.string().optional(),
      }),
    ),
    unresolvedThreads: z.int(),
    approvalsMissing: z.int().nullable(),
  }),
  mergeability: known({ state: z.enum(["clean", "conflict", "blocked"]) }),
  nativeStack: z.object({ id: z.string(), position: z.int(), size: z.int() }).nullable(),
  autoMerge: z.boolean(),
});

/** A pull request as its row has it. */
export const pullRow: z.ZodType<Pull> = z.object({
  id: z.string(),
  repositoryId: z.string(),
  sessionId: z.string().nullable(),
  attributedBy: z.enum(["by-hand", "opened-here", "branch", "descendant", "worktree", "stack"]).nullable(),
  evidence: z.string().nullable(),
  unlinkedFrom: z.array(z.string()),
  facts: facts.nullable(),
  url: z.string(),
  formerBases: z.array(z.string()),
  movedFor: z.object({ pullId: z.string(), from: z.string(), to: z.string() }).nullable(),
  seenAt: z.date().nullable(),
  lookFailure: z.object({ reason: z.string(), at: jsonDate }).nullable(),
  createdAt: z.date(),
});

/** A nudge as its row has it. */
export const nudgeRow: z.ZodType<Nudge> = z.object({
  id: z.string(),
  pullId: z.string(),
  kind: z.enum(["checks", "review", "conflict"]),
  signature: z.string(),
  text: z.string(),
  createdAt: z.date(),
  doneAt: z.date().nullable(),
  settledAt: z.date().nullable(),
});

/** What looks at a repository left, as its row has it. */
export const lookRow: z.ZodType<RepositoryLook> = z.object({
  cursor: z.string().nullable(),
  path: z.string().nullable(),
  trouble: z.object({ reason: z.string(), since: jsonDate }).nullable(),
});
