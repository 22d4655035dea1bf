import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import type { GithubHttp, GraphqlError } from "./github-http";
import { moreChecksQuery, moreThreadsQuery, pullsQuery } from "./queries";
import { type Details, readDetails, readFacts } from "./read-facts";
import {
  detailsShape,
  factsShape,
  moreChecksShape,
  moreThreadsShape,
  overShape,
  pullsShape,
  type RawDetails,
  type RawFacts,
} from "./shapes";

export type Stacks = ReadonlyMap<number, NonNullable<PullFacts["nativeStack"]>>;
type Wanted = { open: number[]; over: number[]; latestOver: boolean };

/** Of one query. GitHub gives up on one that takes it longer than some seconds. */
const atOnce = 50;
const fewest = 5;
/** Of a hundred each: more of one pull request is not read, for what is known would be a part only. */
const mostPages = 10;

const isOver = { known: false as const, reason: "it is over" };
const over: Details = { checks: isOver, review: isOver, mergeability: isOver };

/** Facts by GraphQL: one request for each fifty pull requests, and more for one with very many checks or threads. */
export async function readPulls(
  http: GithubHttp,
  path: string,
  { open, over: ended, pending, latestOver, stacks }: Wanted & { pending: number[]; stacks: Stacks },
): Promise<PullFacts[]> {
  const all = [...open, ...pending, ...ended];
  if (all.length === 0 && !latestOver) return [];
  const found: PullFacts[] = [];
  const isEnded = new Set(ended);
  for (let from = 0; from === 0 || from < all.length; from += atOnce) {
    const part = all.slice(from, from + atOnce);
    const wanted = {
      open: part.filter((number) => !isEnded.has(number)),
      over: part.filter((number) => isEnded.has(number)),
      latestOver: latestOver && from === 0,
    };
    found.push(...(await readSome(http, path, { ...wanted, stacks })));
  }
  // One that ended meanwhile is in both parts.
  return [...new Map(found.map((pull) => [pull.number, pull])).values()];
}

async function readSome(http: GithubHttp, path: string, wanted: Wanted & { stacks: Stacks }): Promise<PullFacts[]> {
  const answer = await http.graphql(pullsQuery(wanted), variablesOf(path));
  if (answer.kind === "heavy") {
    if (wanted.open.length <= fewest) throw answer.error;
    const half = Math.ceil(wanted.open.length / 2);
    const first = await readSome(http, path, { ...wanted, open: wanted.open.slice(0, half) });
    const second = { open: wanted.open.slice(half), over: [], latestOver: false, stacks: wanted.stacks };
    return [...first, ...(await readSome(http, path, second))];
  }
  const { repository } = http.read("a query of pull requests", pullsShape, answer.data);
  if (repository === null) throw noRepository(http, path, answer.errors);
  const pulls: PullFacts[] = [];
  for (const [alias, raw] of Object.entries(repository)) {
    if (alias === "over") continue;
    // Null for one that was deleted, or of which the token may see nothing.
    if (raw !== null) pulls.push(await readOne(http, path, { ...wanted, alias, raw, errors: answer.errors }));
  }
  if (repository["over"])
    for (const facts of http.read("those that are over", overShape, repository["over"]).nodes)
      pulls.push(readFacts(facts, over, null));
  return pulls;
}

type One = { alias: string; raw: unknown; errors: GraphqlError[]; open: number[]; stacks: Stacks };

async function readOne(http: GithubHttp, path: string, { alias, raw, errors, open, stacks }: One): Promise<PullFacts> {
  const facts = http.read("a pull request", factsShape, raw);
  if (facts.state !== "OPEN") return readFacts(facts, over, null);
  const stack = stacks.get(facts.number) ?? null;
  if (!open.includes(facts.number)) return readFacts(facts, notAsked, stack);
  const details = http.read("details of a pull request", detailsShape, raw);
  const spoiled = (part: string) =>
    errors.find(({ path: at }) => at[1] === alias && at.includes(part))?.message ?? null;
  const tooMany = await readMore(http, path, { facts, details });
  const read = readDetails(facts, details, spoiled);
  return readFacts(facts, { ...read, ...tooMany }, stack);
}

/** It was over when it was listed, and was opened again. */
const reopened = { known: false as const, reason: "it was just opened again" };
const notAsked: Details = { checks: reopened, review: reopened, mergeability: reopened };

/** Completes what did not fit into one page; gives what stays unknown, for there is too much of it. */
async function readMore(
  http: GithubHttp,
  path: string,
  { facts, details }: { facts: RawFacts; details: RawDetails },
): Promise<Partial<Details>> {
  const at = { ...variablesOf(path), number: facts.number };
  const contexts = details.commits?.nodes[0]?.commit.statusCheckRollup?.contexts;
  const threads = details.reviewThreads;
  const missing: Partial<Details> = {};
  for (let page = 1; contexts?.pageInfo.hasNextPage; page += 1) {
    const { data } = await whole(http, moreChecksQuery, { ...at, after: contexts.pageInfo.endCursor });
    const commit = http.read("more checks", moreChecksShape, data).repository?.pullRequest?.commits.nodes[0]?.commit;
    const more =
      commit?.oid === details.commits?.nodes[0]?.commit.oid ? commit?.statusCheckRollup?.contexts : undefined;
    if (!more || page === mostPages) {
      missing.checks = { known: false, reason: more ? "more checks than are read" : "it moved while it was read" };
      break;
    }
    contexts.nodes.push(...more.nodes);
    contexts.pageInfo = more.pageInfo;
  }
  for (let page = 1; threads?.pageInfo.hasNextPage; page += 1) {
    const { data } = await whole(http, moreThreadsQuery, { ...at, after: threads.pageInfo.endCursor });
    const more = http.read("more threads", moreThreadsShape, data).repository?.pullRequest?.reviewThreads;
    if (!more || page === mostPages) {
      missing.review = { known: false, reason: "more threads than are read" };
      break;
    }
    threads.nodes.push(...more.nodes);
    threads.pageInfo = more.pageInfo;
  }
  return missing;
}

/** Of a query that cannot be made smaller. */
export async function whole(
  http: GithubHttp,
  query: string,
  variables: object,
): Promise<{ data: unknown; errors: GraphqlError[] }> {
  const answer = await http.graphql(query, variables);
  if (answer.kind === "heavy") throw answer.error;
  return answer;
}

export function variablesOf(path: string): { owner: string; name: string } {
  const [owner = "", name = ""] = path.split("/");
  return { owner, name };
}

export function noRepository(http: GithubHttp, path: string, errors: GraphqlError[]): AppError {
  const said = errors[0]?.message ?? "";
  const quote = said === "" ? "" : ` It said: ${said}`;
  // Single sign-on, address lists and missing scopes are told of a repository that is there.
  if (errors.some(({ type }) => type !== null && type !== "NOT_FOUND"))
    return new AppError("refused", `${http.name} does not let the token read ${path}.${quote}`);
  return new AppError("not-found", `${http.name} does not have ${path}, or does not show it to this token.${quote}`);
}
