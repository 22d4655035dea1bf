import { z } from "zod";

/** Of GitLab's answers; only what is read. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const user = z.object({ username: z.string() });
const project = z.object({ fullPath: z.string() });
const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const nodesOf = <Node extends z.ZodType>(node: Node) =>
  z.array(node.nullable()).transform((all) => all.filter((each) => each !== null));

const jobShape = z.object({
  id: z.string().nullable(),
  name: z.string().nullable(),
  status: z.string().nullable(),
  allowFailure: z.boolean(),
  webPath: z.string().nullable(),
});
export type RawJob = z.infer<typeof jobShape>;
/** Null where the token may not read pipelines. */
const pipelineShape = z.object({ jobs: z.object({ pageInfo, nodes: nodesOf(jobShape) }).nullable() }).nullable();

export const mergeRequestShape = z.object({
  id: z.string(),
  iid: z.string(),
  webUrl: z.string(),
  title: z.string(),
  draft: z.boolean(),
  state: z.enum(["opened", "closed", "locked", "merged"]),
  createdAt: time,
  updatedAt: time,
  mergedAt: time.nullable(),
  mergeCommitSha: z.string().nullable(),
  author: user.nullable(),
  project,
  sourceProject: project.nullable(),
  sourceBranch: z.string(),
  targetBranch: z.string(),
  diffHeadSha: z.string().nullable(),
  autoMergeEnabled: z.boolean(),
  conflicts: z.boolean(),
  detailedMergeStatus: z.string().nullable(),
  mergeStatusEnum: z.string().nullable(),
  resolvableDiscussionsCount: z.int().nullable(),
  resolvedDiscussionsCount: z.int().nullable(),
  approvedBy: z.object({ nodes: nodesOf(user) }).nullable(),
  reviewers: z
    .object({
      nodes: nodesOf(
        user.extend({ mergeRequestInteraction: z.object({ reviewState: z.string().nullable() }).nullable() }),
      ),
    })
    .nullable(),
  headPipeline: pipelineShape,
});
export type RawMergeRequest = z.infer<typeof mergeRequestShape>;

export const pageShape = z.object({
  project: z.object({ mergeRequests: z.object({ pageInfo, nodes: nodesOf(mergeRequestShape) }) }).nullable(),
});
export const moreJobsShape = z.object({
  project: z
    .object({
      mergeRequest: z.object({ diffHeadSha: z.string().nullable(), headPipeline: pipelineShape }).nullable(),
    })
    .nullable(),
});
export const graphqlShape = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** Of REST. */
export const userShape = z.object({ id: z.int(), username: z.string(), name: z.string() });
export const tokenShape = z.object({ scopes: z.array(z.string()) });
export const projectShape = z.object({
  path_with_namespace: z.string(),
  default_branch: z.string().nullish(),
  http_url_to_repo: z.string(),
  ssh_url_to_repo: z.string(),
});
export const restPullShape = z.object({
  iid: z.int(),
  sha: z.string().nullable(),
  reviewers: z.array(z.object({ id: z.int() })).nullish(),
});
const noteShape = z.object({
  id: z.int(),
  body: z.string(),
  author: z.object({ id: z.int(), username: z.string() }).nullable(),
  created_at: time,
  system: z.boolean(),
  resolvable: z.boolean(),
  resolved: z.boolean().optional(),
  position: z
    .object({ new_path: z.string().nullish(), new_line: z.int().nullish(), old_line: z.int().nullish() })
    .nullish(),
});
export type RawNote = z.infer<typeof noteShape>;
export const discussionsShape = z.array(
  z.object({ id: z.string(), individual_note: z.boolean(), notes: z.array(noteShape) }),
);
export const reviewersShape = z.array(z.object({ user: z.object({ id: z.int() }), state: z.string() }));
export const memberShape = z.object({ access_level: z.int() });
export const hooksShape = z.array(z.object({ id: z.int(), url: z.string() }));
/** Of a delivery: comments and pipelines name the merge request beside what they are about. */
export const deliveryShape = z.object({
  object_kind: z.string().optional(),
  project: z.object({ path_with_namespace: z.string() }),
  merge_request: z.object({ iid: z.int() }).optional().catch(undefined),
  object_attributes: z.object({ iid: z.int().optional(), sha: z.string().optional() }).optional().catch(undefined),
  /** Of a job. */
  sha: z.string().optional().catch(undefined),
  ref: z.string().optional().catch(undefined),
});
