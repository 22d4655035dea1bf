import { AppError } from "../../domain/app-error";
import type { ReviewComment } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { discussionsShape, memberShape, type RawNote, reviewersShape } from "./shapes";

type Parts = { http: ForgeHttp; on(path: string): string; url: string };

const pageSize = 100;
const mostPages = 20;
/** Who may push: a developer. */
const writeLevel = 30;

/** Threads that can be resolved, and plain words of reviewers who ask for changes. */
export async function readComments({ http, on, url }: Parts, path: string, number: number): Promise<ReviewComment[]> {
  const at = `${on(path)}/merge_requests/${number}`;
  const reviewers = await http.ask(`${at}/reviewers`, reviewersShape, { query: { per_page: pageSize } });
  const asking = new Set(reviewers.filter(({ state }) => state === "requested_changes").map(({ user }) => user.id));
  const mayWrite = new Map<number, boolean | null>();
  const comments: ReviewComment[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const some = await http.ask(`${at}/discussions`, discussionsShape, { query: { per_page: pageSize, page } });
    for (const { id, individual_note, notes } of some)
      for (const note of notes) {
        const asks = note.resolvable || (individual_note && note.author !== null && asking.has(note.author.id));
        if (note.system || !asks) continue;
        const { author } = note;
        if (author !== null && !mayWrite.has(author.id))
          mayWrite.set(author.id, await mayPush(http, `${on(path)}/members/all/${author.id}`));
        const authorMayWrite = author === null ? null : (mayWrite.get(author.id) ?? null);
        const place = { threadId: individual_note ? null : id, url: `${url}/${path}/-/merge_requests/${number}` };
        comments.push(readNote(note, { ...place, authorMayWrite }));
      }
    if (some.length < pageSize) break;
  }
  return comments;
}

function readNote(
  { id, author, body, position, created_at, resolved }: RawNote,
  { url, ...around }: Pick<ReviewComment, "threadId" | "authorMayWrite"> & { url: string },
): ReviewComment {
  return {
    ...{ id: `note-${id}`, author: author?.username ?? null, body, at: created_at, resolved: resolved ?? false },
    ...{ path: position?.new_path ?? null, line: position?.new_line ?? position?.old_line ?? null },
    ...{ url: `${url}#note_${id}`, ...around },
  };
}

/** Null where the token may not ask. */
async function mayPush(http: ForgeHttp, at: string): Promise<boolean | null> {
  try {
    return (await http.ask(at, memberShape)).access_level >= writeLevel;
  } catch (error) {
    if (AppError.is(error) && error.code === "not-found") return false;
    if (AppError.is(error) && error.code === "refused") return null;
    throw error;
  }
}
