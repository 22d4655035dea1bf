/** What is read of each pull request, over or not. */
const facts = `fragment Facts on PullRequest {
  id fullDatabaseId number url title isDraft state createdAt updatedAt mergedAt
  author { login }
  headRefName headRefOid headRepository { nameWithOwner }
  baseRefName baseRefOid baseRepository { nameWithOwner }
  mergeCommit { oid }
  autoMergeRequest { enabledAt }
}`;

const contexts = `fragment Contexts on StatusCheckRollupContextConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CheckRun { name status conclusion detailsUrl databaseId }
    ... on StatusContext { context state targetUrl }
  }
}`;

const threads = `fragment Threads on PullRequestReviewThreadConnection {
  pageInfo { hasNextPage endCursor }
  nodes { isResolved }
}`;

/** Rules are read of the branch: a check that is required and never ran is in no list of checks. */
const details = `fragment Details on PullRequest {
  mergeable mergeStateStatus reviewDecision
  baseRef {
    refUpdateRule { requiredStatusCheckContexts requiredApprovingReviewCount }
    rules(first: 100) {
      nodes {
        parameters {
          __typename
          ... on RequiredStatusChecksParameters { requiredStatusChecks { context } }
          ... on PullRequestParameters { requiredApprovingReviewCount }
        }
      }
    }
  }
  latestOpinionatedReviews(first: 100) {
    pageInfo { hasNextPage endCursor }
    nodes { id state author { login } authorCanPushToRepository commit { oid } }
  }
  latestReviews(first: 100) {
    pageInfo { hasNextPage endCursor }
    nodes { id state author { login } authorCanPushToRepository commit { oid } }
  }
  reviewRequests(first: 100) {
    pageInfo { hasNextPage endCursor }
    nodes {
      requestedReviewer {
        ... on User { login }
        ... on Bot { login }
        ... on Mannequin { login }
        ... on Team { combinedSlug }
      }
    }
  }
  reviewThreads(first: 100) { ...Threads }
  commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts(first: 100) { ...Contexts } } } } }
}`;

/** Pull requests by number, whole for those that are open; and, where wanted, those that are over, latest first. */
export function pullsQuery({
  open,
  over,
  latestOver,
}: {
  open: number[];
  over: number[];
  latestOver: boolean;
}): string {
  const one = (spread: string) => (number: number) => `p${number}: pullRequest(number: ${number}) { ${spread} }`;
  const parts = [
    ...open.map(one("...Facts ...Details")),
    ...over.map(one("...Facts")),
    ...(latestOver
      ? [
          `over: pullRequests(states: [CLOSED, MERGED], first: 50, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { ...Facts }
    }`,
        ]
      : []),
  ];
  return [
    `query Pulls($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    ${parts.join("\n    ")}
  }
}`,
    facts,
    ...(open.length > 0 ? [details, contexts, threads] : []),
  ].join("\n");
}

export const moreChecksQuery = `query MoreChecks($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      commits(last: 1) {
        nodes { commit { oid statusCheckRollup { contexts(first: 100, after: $after) { ...Contexts } } } }
      }
    }
  }
}
${contexts}`;

export const moreThreadsQuery = `query MoreThreads($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { reviewThreads(first: 100, after: $after) { ...Threads } }
  }
}
${threads}`;

const comments = `fragment Comments on PullRequestReviewCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    fullDatabaseId body url createdAt originalLine
    author { login }
    pullRequestReview { authorCanPushToRepository }
  }
}`;

/** Each page has threads; the reviews that ask for changes come with the first. */
export const commentsQuery = `query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviews(states: CHANGES_REQUESTED, last: 100) {
        nodes { fullDatabaseId body url submittedAt author { login } authorCanPushToRepository }
      }
      reviewThreads(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id path line originalLine isResolved comments(first: 50) { ...Comments } }
      }
    }
  }
}
${comments}`;

export const moreCommentsQuery = `query MoreComments($thread: ID!, $after: String!) {
  node(id: $thread) {
    ... on PullRequestReviewThread { comments(first: 100, after: $after) { ...Comments } }
  }
}
${comments}`;
