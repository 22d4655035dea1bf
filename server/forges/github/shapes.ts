import { z } from "zod";

/** Of GitHub's answers; only what is read. A part that the token may not see is null. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const id = z.union([z.string(), z.int()]).transform(String);
const login = z.object({ login: z.string() }).nullable();
const commit = z.object({ oid: z.string() }).nullable();
const named = z.object({ nameWithOwner: z.string() }).nullable();

function connection<Node extends z.ZodType>(node: Node) {
  return z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: nodes(node),
  });
}
function nodes<Node extends z.ZodType>(node: Node) {
  return z
    .array(node.nullable())
    .nullable()
    .transform((all) => (all ?? []).filter((each) => each !== null));
}

export const factsShape = z.object({
  id: z.string(),
  fullDatabaseId: id.nullable(),
  number: z.int(),
  url: z.string(),
  title: z.string(),
  isDraft: z.boolean(),
  state: z.enum(["OPEN", "CLOSED", "MERGED"]),
  createdAt: time,
  updatedAt: time,
  mergedAt: time.nullable(),
  author: login,
  headRefName: z.string(),
  headRefOid: z.string(),
  headRepository: named,
  baseRefName: z.string(),
  baseRefOid: z.string(),
  baseRepository: named,
  mergeCommit: commit,
  autoMergeRequest: z.object({}).nullable(),
});
export type RawFacts = z.infer<typeof factsShape>;

const contextShape = z.discriminatedUnion("__typename", [
  z.object({
    __typename: z.literal("CheckRun"),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    detailsUrl: z.string().nullable(),
    databaseId: z.union([z.string(), z.number(), z.bigint()]).nullable(),
  }),
  z.object({
    __typename: z.literal("StatusContext"),
    context: z.string(),
    state: z.string(),
    targetUrl: z.string().nullable(),
  }),
]);
export type RawContext = z.infer<typeof contextShape>;
const contextsShape = connection(contextShape);
const commitsShape = z.object({
  nodes: nodes(
    z.object({
      commit: z.object({ oid: z.string(), statusCheckRollup: z.object({ contexts: contextsShape }).nullable() }),
    }),
  ),
});
const threadsShape = connection(z.object({ isResolved: z.boolean() }));

const reviewShape = z.object({
  id: z.string(),
  state: z.string(),
  author: login,
  authorCanPushToRepository: z.boolean(),
  commit,
});
export type RawReview = z.infer<typeof reviewShape>;

const parametersShape = z.object({
  requiredStatusChecks: z.array(z.object({ context: z.string() })).optional(),
  requiredApprovingReviewCount: z.int().optional(),
});
const branchShape = z.object({
  refUpdateRule: z
    .object({
      requiredStatusCheckContexts: z.array(z.string().nullable()).nullable(),
      requiredApprovingReviewCount: z.int().nullable(),
    })
    .nullable(),
  rules: z.object({ nodes: nodes(z.object({ parameters: parametersShape.nullable() })) }).nullable(),
});
export type RawBranch = z.infer<typeof branchShape>;

export const detailsShape = z.object({
  mergeable: z.string(),
  mergeStateStatus: z.string(),
  reviewDecision: z.string().nullable(),
  baseRef: branchShape.nullable(),
  latestOpinionatedReviews: connection(reviewShape).nullable(),
  latestReviews: connection(reviewShape).nullable(),
  reviewRequests: connection(
    z.object({
      requestedReviewer: z.object({ login: z.string().optional(), combinedSlug: z.string().optional() }).nullable(),
    }),
  ).nullable(),
  reviewThreads: threadsShape.nullable(),
  commits: commitsShape.nullable(),
});
export type RawDetails = z.infer<typeof detailsShape>;

/** Under `repository` each pull request has a name of its own. */
export const pullsShape = z.object({ repository: z.record(z.string(), z.unknown()).nullable() });
export const overShape = z.object({ nodes: nodes(factsShape) });

const ofPull = <Part extends z.ZodRawShape>(part: Part) =>
  z.object({ repository: z.object({ pullRequest: z.object(part).nullable() }).nullable() });
export const moreChecksShape = ofPull({ commits: commitsShape });
export const moreThreadsShape = ofPull({ reviewThreads: threadsShape });

const commentsShape = connection(
  z.object({
    fullDatabaseId: id.nullable(),
    body: z.string(),
    url: z.string(),
    createdAt: time,
    originalLine: z.int().nullable(),
    author: login,
    pullRequestReview: z.object({ authorCanPushToRepository: z.boolean() }).nullable(),
  }),
);
export type RawComments = z.infer<typeof commentsShape>;
const threadShape = z.object({
  id: z.string(),
  path: z.string(),
  line: z.int().nullable(),
  originalLine: z.int().nullable(),
  isResolved: z.boolean(),
  comments: commentsShape,
});
export type RawThread = z.infer<typeof threadShape>;
export const allCommentsShape = ofPull({
  reviews: z.object({
    nodes: nodes(
      z.object({
        fullDatabaseId: id.nullable(),
        body: z.string(),
        url: z.string(),
        submittedAt: time.nullable(),
        author: login,
        authorCanPushToRepository: z.boolean(),
      }),
    ),
  }),
  reviewThreads: connection(threadShape),
});
export const moreCommentsShape = z.object({ node: z.object({ comments: commentsShape }).nullable() });

export const stackShape = z.object({ id, size: z.int(), position: z.int() });
/** Of REST. */
export const listedShape = z.object({
  number: z.int(),
  state: z.enum(["open", "closed"]),
  updated_at: time,
  head: z.object({ ref: z.string(), sha: z.string() }),
  stack: stackShape.nullish(),
});
export type Listed = z.infer<typeof listedShape>;
export const repositoryShape = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  clone_url: z.string(),
  ssh_url: z.string(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
});
export const userShape = z.object({ login: z.string(), name: z.string().nullish() });
export const mergeAsyncShape = z.object({
  status: z.enum(["pending", "merged", "enqueued", "failed"]),
  details: z.object({ message: z.string(), uuid: z.string().optional() }),
});
export const hookShape = z.object({ id: z.int(), config: z.object({ url: z.string().optional() }) });
export const checkRunShape = z.object({
  output: z.object({ title: z.string().nullable(), summary: z.string().nullable(), text: z.string().nullable() }),
});
/** Of a delivery: several kinds name the pull request, each in its place. */
/** Those of a fork's branch name no pull request: the head does. */
const runShape = z
  .object({ head_sha: z.string().optional(), pull_requests: z.array(z.object({ number: z.int() })) })
  .optional()
  .catch(undefined);
export const deliveryShape = z.object({
  repository: z.object({ full_name: z.string() }),
  number: z.int().optional().catch(undefined),
  pull_request: z.object({ number: z.int() }).optional().catch(undefined),
  issue: z
    .object({ number: z.int(), pull_request: z.object({}) })
    .optional()
    .catch(undefined),
  check_run: runShape,
  check_suite: runShape,
  workflow_run: runShape,
  /** Of a commit status. */
  sha: z.string().optional().catch(undefined),
  /** Of a push. */
  ref: z.string().optional().catch(undefined),
});
