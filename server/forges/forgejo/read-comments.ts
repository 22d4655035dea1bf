import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { ReviewComment } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { resolvedThreads, threadOf } from "./read-facts";
import { readReviewList } from "./reviews";
import { commentShape, permissionShape, type RawComment } from "./shapes";

type Parts = { http: ForgeHttp; on(path: string): string };

/** Review comments on lines, and the words of reviews that ask for changes without any. */
export async function readComments({ http, on }: Parts, path: string, number: number): Promise<ReviewComment[]> {
  const at = `${on(path)}/pulls/${number}/reviews`;
  const reviews = await readReviewList(http, at);
  const mayWrite = new Map<string, boolean | null>();
  const by = async (user: { login: string } | null) => {
    const author = user?.login ?? null;
    if (author !== null && !mayWrite.has(author)) mayWrite.set(author, await maySend({ http, on }, path, author));
    return { author, authorMayWrite: author === null ? null : (mayWrite.get(author) ?? null) };
  };
  const comments: ReviewComment[] = [];
  for (const review of reviews) {
    const asks = review.state === "REQUEST_CHANGES" && !review.dismissed && review.body.trim() !== "";
    if (asks)
      comments.push({
        ...{ id: `review-${review.id}`, threadId: null, path: null, line: null, resolved: false },
        ...{ ...(await by(review.user)), body: review.body, url: review.html_url, at: review.submitted_at },
      });
    if (review.comments_count === 0) continue;
    const raws = await http.ask(`${at}/${review.id}/comments`, z.array(commentShape));
    const resolved = resolvedThreads(raws);
    // Answers of others stand in the review that they answer.
    for (const raw of raws)
      comments.push({ ...readComment(raw), ...(await by(raw.user)), resolved: resolved.has(threadOf(raw)) });
  }
  return comments;
}

function readComment(raw: RawComment): Omit<ReviewComment, "author" | "authorMayWrite" | "resolved"> {
  const { id, path, position, original_position, body, html_url: url, created_at: at } = raw;
  return { id: `comment-${id}`, threadId: threadOf(raw), path, line: position || original_position, body, url, at };
}

/** Null where the token may not ask. */
async function maySend({ http, on }: Parts, path: string, login: string): Promise<boolean | null> {
  try {
    const { permission } = await http.ask(
      `${on(path)}/collaborators/${encodeURIComponent(login)}/permission`,
      permissionShape,
    );
    return ["owner", "admin", "write"].includes(permission);
  } catch (error) {
    if (AppError.is(error) && (error.code === "refused" || error.code === "not-found")) return null;
    throw error;
  }
}
