import type { ReviewComment } from "../../pulls/forge-client";
import type { GithubHttp } from "./github-http";
import { commentsQuery, moreCommentsQuery } from "./queries";
import { noRepository, variablesOf, whole } from "./read-pulls";
import { allCommentsShape, moreCommentsShape, type RawComments, type RawThread } from "./shapes";

/** Of fifty threads each: more are not read, the oldest being the first. */
const mostPages = 20;

/** Review threads, and the words of reviews that ask for changes. */
export async function readComments(http: GithubHttp, path: string, number: number): Promise<ReviewComment[]> {
  const comments: ReviewComment[] = [];
  let after: string | null = null;
  for (let page = 1; page <= mostPages; page += 1) {
    const { data, errors } = await whole(http, commentsQuery, { ...variablesOf(path), number, after });
    const pull = http.read("review comments", allCommentsShape, data).repository?.pullRequest;
    if (!pull) throw noRepository(http, `${path}#${number}`, errors);
    if (page === 1)
      for (const { fullDatabaseId, body, url, submittedAt, author, authorCanPushToRepository } of pull.reviews.nodes)
        if (body.trim() !== "" && submittedAt !== null)
          comments.push({
            ...{ id: `review-${fullDatabaseId}`, threadId: null, path: null, line: null, resolved: false },
            ...{ author: author?.login ?? null, authorMayWrite: authorCanPushToRepository },
            ...{ body, url, at: submittedAt },
          });
    for (const thread of pull.reviewThreads.nodes) comments.push(...(await commentsOf(http, thread)));
    if (!pull.reviewThreads.pageInfo.hasNextPage) break;
    after = pull.reviewThreads.pageInfo.endCursor;
  }
  return comments;
}

async function commentsOf(http: GithubHttp, thread: RawThread): Promise<ReviewComment[]> {
  const nodes: RawComments["nodes"] = [...thread.comments.nodes];
  let { pageInfo } = thread.comments;
  // What is resolved asks for no answer: its rest is not read.
  for (let page = 1; pageInfo.hasNextPage && !thread.isResolved && page <= mostPages; page += 1) {
    const { data } = await whole(http, moreCommentsQuery, { thread: thread.id, after: pageInfo.endCursor });
    const more = http.read("more review comments", moreCommentsShape, data).node;
    if (more === null) break;
    nodes.push(...more.comments.nodes);
    ({ pageInfo } = more.comments);
  }
  return nodes.map(({ fullDatabaseId, body, url, createdAt, originalLine, author, pullRequestReview }) => ({
    ...{ id: `comment-${fullDatabaseId}`, threadId: thread.id, path: thread.path, resolved: thread.isResolved },
    ...{ line: thread.line ?? thread.originalLine ?? originalLine, author: author?.login ?? null },
    // Every comment stands in a review, and that knows whether its author may push.
    ...{ authorMayWrite: pullRequestReview?.authorCanPushToRepository ?? null, body, url, at: createdAt },
  }));
}
