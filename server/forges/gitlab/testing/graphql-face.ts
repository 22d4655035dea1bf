import { buildSchema, execute, parse, validate } from "graphql";
import type { ForgeModel, ModelCheck, ModelPull } from "../../testing/forge-model";
import type { MergeTests } from "./merge-tests";

/** The part of GitLab's own schema that an adapter may ask, in the words of its reference; any other field is an error. */
const schema = buildSchema(`
  scalar Time
  type Query { project(fullPath: ID!): Project }
  type Project {
    fullPath: ID!
    mergeRequest(iid: String!): MergeRequest
    mergeRequests(
      iids: [String!], state: MergeRequestState, updatedAfter: Time, sort: MergeRequestSort = CREATED_DESC,
      first: Int, after: String
    ): MergeRequestConnection
  }
  enum MergeRequestState { all closed locked merged opened }
  enum MergeRequestSort { CREATED_ASC CREATED_DESC UPDATED_ASC UPDATED_DESC }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type MergeRequestConnection { count: Int! nodes: [MergeRequest] pageInfo: PageInfo! }
  type MergeRequest {
    id: ID! iid: String! webUrl: String title: String! draft: Boolean! state: MergeRequestState!
    createdAt: Time! updatedAt: Time! mergedAt: Time mergeCommitSha: String
    author: UserCore project: Project! sourceProject: Project
    sourceBranch: String! targetBranch: String! diffHeadSha: String
    autoMergeEnabled: Boolean! conflicts: Boolean! detailedMergeStatus: DetailedMergeStatus
    mergeStatusEnum: MergeStatus
    resolvableDiscussionsCount: Int resolvedDiscussionsCount: Int
    approvedBy(first: Int, after: String): UserCoreConnection
    reviewers(first: Int, after: String): MergeRequestReviewerConnection
    headPipeline: Pipeline
  }
  enum DetailedMergeStatus {
    APPROVALS_SYNCING BLOCKED_STATUS CHECKING CI_MUST_PASS CI_STILL_RUNNING COMMITS_STATUS CONFLICT
    DISCUSSIONS_NOT_RESOLVED DRAFT_STATUS MERGEABLE NEED_REBASE NOT_APPROVED NOT_OPEN PREPARING UNCHECKED
  }
  enum MergeStatus { CANNOT_BE_MERGED CANNOT_BE_MERGED_RECHECK CAN_BE_MERGED CHECKING UNCHECKED }
  type UserCore { username: String! }
  type UserCoreConnection { nodes: [UserCore] pageInfo: PageInfo! }
  type MergeRequestReviewerConnection { nodes: [MergeRequestReviewer] pageInfo: PageInfo! }
  type MergeRequestReviewer { username: String! mergeRequestInteraction: UserMergeRequestInteraction }
  type UserMergeRequestInteraction { reviewState: MergeRequestReviewState }
  enum MergeRequestReviewState { APPROVED REQUESTED_CHANGES REVIEWED REVIEW_STARTED UNAPPROVED UNREVIEWED }
  type Pipeline { jobs(retried: Boolean, first: Int, after: String): CiJobConnection }
  type CiJobConnection { nodes: [CiJob] pageInfo: PageInfo! }
  type CiJob { id: JobID name: String status: CiJobStatus allowFailure: Boolean! webPath: String }
  scalar JobID
  enum CiJobStatus {
    CANCELED CANCELING CREATED FAILED MANUAL PENDING PREPARING RUNNING SCHEDULED SKIPPED SUCCESS
    WAITING_FOR_CALLBACK WAITING_FOR_RESOURCE
  }
`);

type Page = { first?: number; after?: string | null };
type Listed = Page & { iids?: string[]; state?: string; updatedAfter?: string; sort: string };

type Shown = { model: ForgeModel; url: string; tests: MergeTests };
type Query = { query: string; variables: Record<string, unknown>; mostAtOnce: number };

export async function executeQuery(shown: Shown, { query, variables, mostAtOnce }: Query): Promise<object> {
  const document = parse(query);
  const faults = validate(schema, document);
  if (faults.length > 0) return { errors: faults.map(({ message }) => ({ message })) };
  if (Number(variables["first"] ?? 0) > mostAtOnce)
    return { errors: [{ message: "Query has complexity of 301, which exceeds max complexity of 250" }] };
  const rootValue = {
    project: ({ fullPath }: { fullPath: string }) => (fullPath === shown.model.path ? projectOf(shown) : null),
  };
  const result = await execute({ schema, document, rootValue, variableValues: variables });
  return { data: result.data, ...(result.errors ? { errors: result.errors.map(({ message }) => ({ message })) } : {}) };
}

function projectOf(shown: Shown) {
  const { model } = shown;
  return {
    fullPath: model.path,
    mergeRequest: ({ iid }: { iid: string }) => {
      const pull = model.pulls.find(({ number }) => String(number) === iid);
      return pull ? requestOf(pull, shown) : null;
    },
    mergeRequests: ({ iids, state = "all", updatedAfter, sort, ...page }: Listed) => {
      const [time, way] = [
        sort.startsWith("UPDATED") ? "updatedAt" : "createdAt",
        sort.endsWith("DESC") ? -1 : 1,
      ] as const;
      const wanted = model.pulls.filter(
        (pull) =>
          (!iids || iids.includes(String(pull.number))) &&
          (state === "all" || stateOf(pull) === state) &&
          (!updatedAfter || pull.updatedAt >= new Date(updatedAfter)),
      );
      const sorted = wanted.toSorted((a, b) => way * (a[time].getTime() - b[time].getTime() || a.number - b.number));
      return connection(sorted, page, (pull) => requestOf(pull, shown));
    },
  };
}

export const stateOf = ({ state }: ModelPull) => (state === "open" ? "opened" : state);

function requestOf(pull: ModelPull, { model, url, tests }: Shown) {
  const opinions = model.opinions(pull);
  const approvals = opinions.filter(({ word }) => word === "approve").map(({ author }) => ({ username: author }));
  const checks = model.checksOf(pull);
  return {
    id: `gid://gitlab/MergeRequest/${pull.id}`,
    iid: String(pull.number),
    webUrl: `${url}/${model.path}/-/merge_requests/${pull.number}`,
    title: pull.title,
    draft: pull.draft,
    state: stateOf(pull),
    createdAt: pull.createdAt.toISOString(),
    updatedAt: pull.updatedAt.toISOString(),
    mergedAt: pull.mergedAt?.toISOString() ?? null,
    mergeCommitSha: pull.mergeSha,
    author: { username: pull.author },
    project: { fullPath: model.path },
    sourceProject: pull.head.repository === null ? null : { fullPath: pull.head.repository },
    sourceBranch: pull.head.branch,
    targetBranch: pull.base,
    diffHeadSha: pull.head.sha,
    autoMergeEnabled: false,
    conflicts: tests.statusOf(pull) === "CANNOT_BE_MERGED",
    detailedMergeStatus: mergeStatus(pull, model, tests.statusOf(pull)),
    mergeStatusEnum: tests.statusOf(pull),
    resolvableDiscussionsCount: pull.threads.length,
    resolvedDiscussionsCount: pull.threads.filter(({ resolved }) => resolved).length,
    approvedBy: (page: Page) => connection(approvals, { first: 100, ...page }, (user) => user),
    reviewers: (page: Page) =>
      connection(reviewersOf(pull), { first: 100, ...page }, ({ username, state }) => ({
        username,
        mergeRequestInteraction: { reviewState: state },
      })),
    headPipeline:
      checks.length === 0 ? null : { jobs: (page: Page) => connection(checks, page, (check) => jobOf(check, model)) },
  };
}

/** Whoever said something is a reviewer from then on; who is asked again is unreviewed. */
export function reviewersOf(pull: ModelPull): { username: string; state: string }[] {
  const states = {
    approve: "APPROVED",
    "request-changes": "REQUESTED_CHANGES",
    comment: "REVIEWED",
    dismissed: "UNREVIEWED",
  };
  const said = new Map<string, string>();
  for (const { author, word } of pull.reviews)
    if (word !== "comment" || !said.has(author)) said.set(author, states[word]);
  for (const name of pull.requested) said.set(name, "UNREVIEWED");
  return [...said].map(([username, state]) => ({ username, state }));
}

function mergeStatus(pull: ModelPull, model: ForgeModel, tested: string): string {
  if (tested === "UNCHECKED") return tested;
  if (pull.state !== "open") return "NOT_OPEN";
  // Also of one that conflicted and was pushed to since.
  if (tested !== "CAN_BE_MERGED") return "CONFLICT";
  if (pull.draft) return "DRAFT_STATUS";
  if (model.checksMissing(pull).length > 0) return "CI_MUST_PASS";
  return model.approvalsMissing(pull) > 0 ? "NOT_APPROVED" : "MERGEABLE";
}

function jobOf({ id, name, state, kind }: ModelCheck, { path }: ForgeModel) {
  const statuses = { pending: "RUNNING", passing: "SUCCESS", failing: "FAILED", neutral: "FAILED" };
  const type = kind === "run" ? "Ci::Build" : "GenericCommitStatus";
  const at = { id: `gid://gitlab/${type}/${id}`, webPath: `/${path}/-/jobs/${id}` };
  return { ...at, name, status: statuses[state], allowFailure: state === "neutral" };
}

function connection<Item, Shown>(items: readonly Item[], { first, after }: Page, show: (item: Item) => Shown) {
  const size = Math.min(first ?? 100, 100);
  const from = after ? Number(after) : 0;
  const shown = items.slice(from, from + size);
  const end = from + shown.length;
  return {
    nodes: shown.map(show),
    pageInfo: { hasNextPage: end < items.length, endCursor: shown.length === 0 ? null : String(end) },
  };
}
