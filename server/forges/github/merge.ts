import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../domain/app-error";
import type { GithubHttp } from "./github-http";
import { type Listed, listedShape, mergeAsyncShape, repositoryShape } from "./shapes";

type Method = "merge" | "squash" | "rebase";
type Wanted = { number: number; headSha: string; method: Method | null; deleteBranch: boolean };
type Parts = { http: GithubHttp; on(path: string): string; pollMs: number };

/** Polled for this long; a merge that is still under way then is seen by the next look. */
const longestPolls = 60;

/** One of a stack of GitHub's is landed with all below it, which takes a while; any other at once. */
export async function merge({ http, on, pollMs }: Parts, path: string, wanted: Wanted): Promise<void> {
  const { number, headSha, deleteBranch } = wanted;
  const at = `${on(path)}/pulls/${number}`;
  const pull = await http.ask(["GET", at], listedShape.extend({ head: headShape }));
  if (pull.head.sha !== headSha) throw new AppError("conflict", `#${number} moved meanwhile: look again.`);
  const method = wanted.method ?? (await usualMethod(http, on(path)));
  const body = { sha: headSha, ...(method === null ? {} : { merge_method: method }) };
  if (pull.stack) await mergeStack({ http, pollMs }, at, body);
  else await http.send("PUT", `${at}/merge`, { body });
  if (deleteBranch && pull.head.repo?.full_name === path) await deleteHead(http, on(path), pull);
}

const headShape = listedShape.shape.head.extend({ repo: repositoryShape.pick({ full_name: true }).nullable() });

/** Null leaves it to GitHub: a token that may not push is not told what is allowed. */
async function usualMethod(http: GithubHttp, at: string): Promise<Method | null> {
  const allowed = await http.ask(["GET", at], repositoryShape);
  if (allowed.allow_merge_commit !== false) return null;
  return allowed.allow_squash_merge ? "squash" : allowed.allow_rebase_merge ? "rebase" : null;
}

async function mergeStack({ http, pollMs }: Pick<Parts, "http" | "pollMs">, at: string, body: object): Promise<void> {
  // 400: it cannot be merged as it is; 409: somebody asked for it already, and that is waited for.
  const asked = { body, also: [400, 409] };
  let result = await http.ask(["PUT", `${at}/merge-async`], mergeAsyncShape, asked);
  const { uuid } = result.details;
  for (let poll = 0; result.status === "pending" && uuid && poll < longestPolls; poll += 1) {
    await sleep(pollMs);
    result = await http.ask(["GET", `${at}/merge-async/${encodeURIComponent(uuid)}`], mergeAsyncShape);
  }
  if (result.status === "failed")
    throw new AppError("refused", `${http.name} did not merge the stack. It said: ${result.details.message}`);
}

/** GitHub may have deleted it by itself, or guard it: the merge stands either way. */
async function deleteHead(http: GithubHttp, at: string, { head }: Listed): Promise<void> {
  const ref = head.ref.split("/").map(encodeURIComponent).join("/");
  await http.send("DELETE", `${at}/git/refs/heads/${ref}`).catch((error: unknown) => {
    if (!AppError.is(error)) throw error;
  });
}
