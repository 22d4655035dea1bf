/** Only what every edition has: a field of another edition spoils the whole query. */
const facts = `fragment Facts on MergeRequest {
  id iid webUrl title draft state createdAt updatedAt mergedAt mergeCommitSha
  author { username }
  project { fullPath }
  sourceProject { fullPath }
  sourceBranch targetBranch diffHeadSha
  autoMergeEnabled conflicts detailedMergeStatus mergeStatusEnum
  resolvableDiscussionsCount resolvedDiscussionsCount
  approvedBy { nodes { username } }
  reviewers { nodes { username mergeRequestInteraction { reviewState } } }
  headPipeline { jobs(first: 100, retried: false) { ...Jobs } }
}`;

const jobs = `fragment Jobs on CiJobConnection {
  pageInfo { hasNextPage endCursor }
  nodes { id name status allowFailure webPath }
}`;

const rest = `${facts}\n${jobs}`;

export const openQuery = `query Open($path: ID!, $first: Int!, $after: String) {
  project(fullPath: $path) {
    mergeRequests(state: opened, sort: CREATED_ASC, first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Facts }
    }
  }
}
${rest}`;

export const movedQuery = `query Moved($path: ID!, $first: Int!, $after: String, $since: Time!) {
  project(fullPath: $path) {
    mergeRequests(updatedAfter: $since, sort: UPDATED_DESC, first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Facts }
    }
  }
}
${rest}`;

export const someQuery = `query Some($path: ID!, $first: Int!, $after: String, $numbers: [String!]) {
  project(fullPath: $path) {
    mergeRequests(iids: $numbers, first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Facts }
    }
  }
}
${rest}`;

export const moreJobsQuery = `query MoreJobs($path: ID!, $number: String!, $after: String!) {
  project(fullPath: $path) {
    mergeRequest(iid: $number) {
      diffHeadSha
      headPipeline { jobs(first: 100, after: $after, retried: false) { ...Jobs } }
    }
  }
}
${jobs}`;
