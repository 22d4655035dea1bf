import { z } from "zod";

/** Of the API of Gitea 1.26, which Forgejo shares; only what is read. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const user = z.object({ login: z.string() });
const repo = z.object({ full_name: z.string() });
/** `label` is the branch's name also where it was deleted: `ref` is then one that the forge keeps of the pull request. */
const place = z.object({ label: z.string(), ref: z.string(), sha: z.string(), repo: repo.nullable() });

export const pullShape = z.object({
  id: z.int(),
  number: z.int(),
  html_url: z.string(),
  title: z.string(),
  user: user.nullable(),
  state: z.enum(["open", "closed"]),
  merged: z.boolean(),
  merged_at: time.nullable(),
  merge_commit_sha: z.string().nullable(),
  mergeable: z.boolean(),
  draft: z.boolean(),
  created_at: time,
  updated_at: time,
  head: place,
  base: place,
  requested_reviewers: z.array(user).nullable(),
});
export type RawPull = z.infer<typeof pullShape>;

export const statusShape = z.object({
  context: z.string(),
  status: z.string(),
  target_url: z.string(),
});
export type RawStatus = z.infer<typeof statusShape>;
export const combinedShape = z.object({ statuses: z.array(statusShape).nullable() });

export const reviewShape = z.object({
  id: z.int(),
  user: user.nullable(),
  team: z.object({ name: z.string() }).nullable(),
  state: z.string(),
  body: z.string(),
  /** Of one whose word the base's protection counts. */
  official: z.boolean(),
  stale: z.boolean(),
  dismissed: z.boolean(),
  comments_count: z.int(),
  html_url: z.string(),
  submitted_at: time,
});
export type RawReview = z.infer<typeof reviewShape>;

export const commentShape = z.object({
  id: z.int(),
  body: z.string(),
  user: user.nullable(),
  path: z.string(),
  position: z.int().nullable(),
  original_position: z.int().nullable(),
  pull_request_review_id: z.int(),
  html_url: z.string(),
  created_at: time,
  resolver: user.nullable(),
});
export type RawComment = z.infer<typeof commentShape>;

export const branchShape = z.object({
  protected: z.boolean(),
  required_approvals: z.int(),
  enable_status_check: z.boolean(),
  status_check_contexts: z.array(z.string()).nullable(),
  /** Told only to administrators of the repository, who alone may read the rule of that name. */
  effective_branch_protection_name: z.string(),
});
export type RawBranch = z.infer<typeof branchShape>;

export const accountShape = z.object({ login: z.string(), full_name: z.string() });
export const repositoryShape = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  clone_url: z.string(),
  ssh_url: z.string(),
  default_merge_style: z.string().optional(),
});
export const hookShape = z.object({ id: z.int(), config: z.record(z.string(), z.string()) });
export const deliveryShape = z.object({
  repository: z.object({ full_name: z.string() }),
  number: z.int().optional(),
  /** Of a commit status. */
  sha: z.string().optional().catch(undefined),
  /** Of a push. */
  ref: z.string().optional().catch(undefined),
  workflow_job: z.object({ head_sha: z.string() }).optional().catch(undefined),
});
export const protectionsShape = z.array(
  z.object({ rule_name: z.string(), ignore_stale_approvals: z.boolean().optional() }),
);
export const jobShape = z.object({ id: z.int(), name: z.string(), html_url: z.string() });
export type RawJob = z.infer<typeof jobShape>;
export const jobsShape = z.object({ jobs: z.array(jobShape).nullable() });
export const runsShape = z.object({
  /** Forgejo has other names, and gives no logs. */
  workflow_runs: z.array(z.object({ id: z.int(), run_number: z.int().optional() })).nullable(),
});
export const permissionShape = z.object({ permission: z.string() });
