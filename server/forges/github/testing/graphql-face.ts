import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, execute, type GraphQLSchema, parse, validate } from "graphql";
import type { ForgeModel, ModelCheck, ModelPull, ModelReview, ModelThread } from "../../testing/forge-model";

let built: GraphQLSchema | null = null;
/** GitHub's own, as it publishes it; read once, for it is large. */
export function githubSchema(): GraphQLSchema {
  built ??= buildSchema(published.idl, { assumeValid: true });
  return built;
}

type Result = { data?: unknown; errors?: object[] };
type Page = { first?: number; last?: number; after?: string | null };

/** Runs a query over what the model knows, by GitHub's own schema: a field that is not there is an error as there. */
export async function executeQuery(
  model: ForgeModel,
  { query, variables, url }: { query: string; variables: Record<string, unknown>; url: string },
): Promise<Result> {
  const document = parse(query);
  const faults = validate(githubSchema(), document);
  if (faults.length > 0) return { errors: faults.map(({ message }) => ({ message })) };
  const lost: object[] = [];
  const rootValue = {
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const path = `${owner}/${name}`;
      if (path === model.path || path === model.formerPath) return repositoryOf(model, lost);
      const message = `Could not resolve to a Repository with the name '${path}'.`;
      lost.push({ type: "NOT_FOUND", path: ["repository"], message });
      return null;
    },
    node: ({ id }: { id: string }) => {
      const thread = model.pulls.flatMap(({ threads }) => threads).find((each) => threadId(each) === id);
      return thread ? threadOf(thread, model) : null;
    },
  };
  const result = await execute({
    schema: githubSchema(),
    document,
    rootValue,
    contextValue: { url },
    variableValues: variables,
  });
  const errors = [...(result.errors ?? []).map((error) => error.toJSON()), ...lost];
  return { data: result.data, ...(errors.length > 0 ? { errors } : {}) };
}

function repositoryOf(model: ForgeModel, lost: object[]) {
  return {
    nameWithOwner: model.path,
    pullRequest: ({ number }: { number: number }, _: unknown, info: { path: { key: string | number } }) => {
      const pull = model.pulls.find((each) => each.number === number);
      if (pull) return pullOf(pull, model);
      const message = `Could not resolve to a PullRequest with the number of ${number}.`;
      lost.push({ type: "NOT_FOUND", path: ["repository", info.path.key], message });
      return null;
    },
    pullRequests: ({ states, ...page }: Page & { states: string[] }) => {
      const wanted = model.pulls.filter(({ state }) => states.includes(state.toUpperCase()));
      const latest = wanted.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
      return connection(latest, page, (pull) => pullOf(pull, model));
    },
  };
}

function pullOf(pull: ModelPull, model: ForgeModel) {
  const asked = pull.requested.map((login) => ({ requestedReviewer: actor(login) }));
  const latest = [...new Map(pull.reviews.map((review) => [review.author, review])).values()];
  return {
    id: `PR_${pull.id}`,
    fullDatabaseId: String(pull.id),
    number: pull.number,
    url: (_: unknown, { url }: { url: string }) => `${url}/${model.path}/pull/${pull.number}`,
    title: pull.title,
    isDraft: pull.draft,
    state: pull.state.toUpperCase(),
    createdAt: pull.createdAt.toISOString(),
    updatedAt: pull.updatedAt.toISOString(),
    mergedAt: pull.mergedAt?.toISOString() ?? null,
    author: actor(pull.author),
    headRefName: pull.head.branch,
    headRefOid: pull.head.sha,
    headRepository: pull.head.repository === null ? null : { nameWithOwner: pull.head.repository },
    baseRefName: pull.base,
    baseRefOid: model.branches.get(pull.base) ?? "0".repeat(40),
    baseRepository: { nameWithOwner: model.path },
    mergeCommit: pull.mergeSha === null ? null : { oid: pull.mergeSha },
    autoMergeRequest: null,
    mergeable: model.isConflicting(pull) ? "CONFLICTING" : "MERGEABLE",
    mergeStateStatus: mergeState(pull, model),
    reviewDecision: decision(pull, model),
    baseRef: baseRef(model),
    latestOpinionatedReviews: (page: Page) => connection(model.opinions(pull), page, reviewOf),
    latestReviews: (page: Page) => connection(latest, page, reviewOf),
    reviews: ({ states, ...page }: Page & { states: string[] }) =>
      connection(
        pull.reviews.filter(({ word }) => states.includes(words[word])),
        page,
        reviewOf,
      ),
    reviewRequests: (page: Page) => connection(asked, page, (request) => request),
    reviewThreads: (page: Page) => connection(pull.threads, page, (thread) => threadOf(thread, model)),
    commits: () => ({ nodes: [{ commit: commitOf(pull, model) }] }),
  };
}

function commitOf(pull: ModelPull, model: ForgeModel) {
  const checks = model.checksOf(pull);
  const contexts = (page: Page) => connection(checks, page, (check) => contextOf(check, model));
  return { oid: pull.head.sha, statusCheckRollup: checks.length === 0 ? null : { contexts } };
}

function contextOf({ id, name, state, kind }: ModelCheck, model: ForgeModel) {
  if (kind === "status") {
    const states = { pending: "PENDING", passing: "SUCCESS", failing: "FAILURE", neutral: "SUCCESS" };
    return { __typename: "StatusContext", context: name, state: states[state], targetUrl: null };
  }
  const conclusions = { pending: null, passing: "SUCCESS", failing: "FAILURE", neutral: "SKIPPED" };
  return {
    ...{ __typename: "CheckRun", name, databaseId: id, conclusion: conclusions[state] },
    status: state === "pending" ? "IN_PROGRESS" : "COMPLETED",
    detailsUrl: `https://github.test/${model.path}/actions/runs/7/job/${id}`,
  };
}

const words = {
  approve: "APPROVED",
  "request-changes": "CHANGES_REQUESTED",
  comment: "COMMENTED",
  dismissed: "DISMISSED",
} as const;

function reviewOf({ id, author, word, body, sha, at, counts }: ModelReview) {
  return {
    ...{ id: `PRR_${id}`, fullDatabaseId: String(id), state: words[word], author: actor(author) },
    authorCanPushToRepository: counts,
    ...{ commit: { oid: sha }, body, url: `https://github.test/reviews/${id}`, submittedAt: at.toISOString() },
  };
}

const threadId = ({ id }: ModelThread) => `PRRT_${id}`;

function threadOf(thread: ModelThread, model: ForgeModel) {
  const { path, line, resolved, comments } = thread;
  return {
    ...{
      __typename: "PullRequestReviewThread",
      id: threadId(thread),
      path,
      line,
      originalLine: line,
      isResolved: resolved,
    },
    comments: (page: Page) =>
      connection(comments, page, ({ id, author, body, at }) => ({
        ...{ fullDatabaseId: String(id), body, author: actor(author), originalLine: line },
        ...{ url: `https://github.test/comments/${id}`, createdAt: at.toISOString() },
        pullRequestReview: { authorCanPushToRepository: [model.owner, model.reviewer].includes(author) },
      })),
  };
}

function mergeState(pull: ModelPull, model: ForgeModel): string {
  if (model.isConflicting(pull)) return "DIRTY";
  if (model.obstacle(pull) !== null) return "BLOCKED";
  return model.checksOf(pull).some(({ state }) => state === "failing" || state === "pending") ? "UNSTABLE" : "CLEAN";
}

function decision(pull: ModelPull, model: ForgeModel): string | null {
  if (model.isRefused(pull)) return "CHANGES_REQUESTED";
  if (model.required.approvals === 0) return null;
  return model.approvalsMissing(pull) > 0 ? "REVIEW_REQUIRED" : "APPROVED";
}

/** Half of the rules are the branch's own, half a ruleset's, as a repository may have both. */
function baseRef({ required }: ForgeModel) {
  const [first, ...rest] = required.checks;
  const contexts = rest.map((context) => ({ context }));
  return {
    refUpdateRule: { requiredStatusCheckContexts: first ? [first] : [], requiredApprovingReviewCount: null },
    rules: {
      nodes: [
        { parameters: { __typename: "RequiredStatusChecksParameters", requiredStatusChecks: contexts } },
        { parameters: { __typename: "PullRequestParameters", requiredApprovingReviewCount: required.approvals } },
        { parameters: null },
      ],
    },
  };
}

const actor = (login: string) => ({ __typename: "User", login });

function connection<Item, Shown>(items: readonly Item[], { first, last, after }: Page, show: (item: Item) => Shown) {
  if ((first ?? last ?? 0) > 100) throw new Error("Requesting more than 100 records exceeds the limit.");
  const from = after ? Number(after) : 0;
  const shown = last ? items.slice(-last) : items.slice(from, from + (first ?? 0));
  const end = from + shown.length;
  return {
    totalCount: items.length,
    pageInfo: { hasNextPage: !last && end < items.length, endCursor: shown.length === 0 ? null : String(end) },
    nodes: shown.map(show),
  };
}
