import type { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import type { ListQuestion, PullList } from "../../pulls/forge-client";
import { isTokenRefusal } from "../../pulls/token-refusal";
import type { ForgeHttp } from "../http";
import { moreJobsQuery, movedQuery, openQuery, someQuery } from "./queries";
import { isUntested, readFacts } from "./read-facts";
import { graphqlShape, moreJobsShape, pageShape, type RawMergeRequest } from "./shapes";

export type Place = { http: ForgeHttp; url: string; now(): Date };

/** The forge has a limit of its own to what a query may ask: smaller pages where it says so. */
const pageSizes = [50, 20, 5];
const mostTests = 50;
const mostJobPages = 10;
/** What is written while it is listed may be left out: each look begins a little before the last one's end. */
const overlapMs = 60_000;

/** Those that are open or that moved, then those that are waited for: one request for each page of either. */
export async function listPulls(place: Place, path: string, question: ListQuestion): Promise<PullList> {
  const since = question.cursor === null ? null : new Date(new Date(question.cursor).getTime() - overlapMs);
  const isWhole = question.full || since === null;
  const first = isWhole
    ? await pages(place, path, { query: openQuery, variables: {} })
    : await pages(place, path, { query: movedQuery, variables: { since: since.toISOString() } });
  const found = new Map(first.raws.map((raw) => [Number(raw.iid), raw]));
  const open = isWhole ? [...found.keys()] : null;
  const add = async (query: string, variables: object) => {
    for (const raw of (await pages(place, path, { query, variables })).raws) found.set(Number(raw.iid), raw);
  };
  if (isWhole && since !== null) await add(movedQuery, { since: since.toISOString() });
  const pending = question.pending.map(({ number }) => number).filter((number) => !found.has(number));
  if (pending.length > 0) await add(someQuery, { numbers: pending.map(String) });
  await askForTests(place, path, [...found.values()]);
  const pulls: PullFacts[] = [];
  for (const raw of found.values()) pulls.push(await whole(place, path, raw));
  return { pulls, open, cursor: first.begun };
}

export async function readPull(place: Place, path: string, number: number): Promise<PullFacts> {
  const { raws } = await pages(place, path, { query: someQuery, variables: { numbers: [String(number)] } });
  const [raw] = raws;
  await askForTests(place, path, raws);
  if (raw) return whole(place, path, raw);
  throw new AppError("not-found", `${new URL(place.url).host} does not have !${number} of ${path}.`);
}

/**
 * Reading by GraphQL never begins the test whether one can be merged, and after a push nothing else may: REST is asked
 * for it, once for all. It runs in the background, so that the next look sees what came of it.
 */
async function askForTests({ http }: Place, path: string, raws: RawMergeRequest[]): Promise<void> {
  const untested = raws.filter((raw) => raw.state === "opened" && isUntested(raw)).map(({ iid }) => iid);
  if (untested.length === 0) return;
  const query = { "iids[]": untested.slice(0, mostTests), with_merge_status_recheck: "true", per_page: mostTests };
  try {
    await http.send(`/v4/projects/${encodeURIComponent(path)}/merge_requests`, { query });
  } catch (error) {
    // What was read stands without it, and whether they can be merged stays unknown.
    if (!AppError.is(error) || error.code === "unavailable" || isTokenRefusal(error)) throw error;
  }
}

type Asked = { query: string; variables: object };
type Answered<Shape extends z.ZodType> = { data: z.infer<Shape>; at: string } | "too-complex";

async function pages(
  place: Place,
  path: string,
  { query, variables }: Asked,
): Promise<{ raws: RawMergeRequest[]; begun: string }> {
  const raws: RawMergeRequest[] = [];
  const { host } = new URL(place.url);
  let [begun, after, size]: [string | null, string | null, number] = [null, null, 0];
  for (;;) {
    const first = pageSizes[size];
    const answer: Answered<typeof pageShape> = await ask(
      place,
      { query, variables: { ...variables, path, first, after } },
      pageShape,
    );
    if (answer === "too-complex" && size + 1 < pageSizes.length) {
      size += 1;
      continue;
    }
    if (answer === "too-complex") throw tooComplex(place);
    const project: z.infer<typeof pageShape>["project"] = answer.data.project;
    if (project === null)
      throw new AppError("not-found", `${host} does not have ${path}, or does not show it to this token.`);
    begun = begun ?? answer.at;
    raws.push(...project.mergeRequests.nodes);
    if (!project.mergeRequests.pageInfo.hasNextPage) return { raws, begun };
    after = project.mergeRequests.pageInfo.endCursor;
  }
}

/** With all its jobs; more than are read are unknown. */
async function whole(place: Place, path: string, raw: RawMergeRequest): Promise<PullFacts> {
  const jobs = raw.headPipeline?.jobs;
  for (let page = 1; jobs?.pageInfo.hasNextPage; page += 1) {
    const variables = { path, number: raw.iid, after: jobs.pageInfo.endCursor };
    const answer = await ask(place, { query: moreJobsQuery, variables }, moreJobsShape);
    if (answer === "too-complex") throw tooComplex(place);
    const request = answer.data.project?.mergeRequest;
    const more = request?.diffHeadSha === raw.diffHeadSha ? request?.headPipeline?.jobs : null;
    if (!more || page === mostJobPages) {
      const reason = more ? "more checks than are read" : "it moved while it was read";
      return { ...readFacts(raw, place.url), checks: { known: false, reason } };
    }
    jobs.nodes.push(...more.nodes);
    jobs.pageInfo = more.pageInfo;
  }
  return readFacts(raw, place.url);
}

async function ask<Shape extends z.ZodType>(
  { http, url, now }: Place,
  body: Asked,
  shape: Shape,
): Promise<Answered<Shape>> {
  const { host } = new URL(url);
  const { json, headers } = await http.send("/graphql", { method: "POST", body });
  const answer = graphqlShape.safeParse(json);
  const said = answer.data?.errors?.map(({ message }) => message).join("; ") ?? "";
  if (/complexity/i.test(said)) return "too-complex";
  if (/timeout|timed out/i.test(said)) throw new AppError("unavailable", `${host} did not manage a query: ${said}`);
  if (said !== "") throw new AppError("refused", `${host} refused a query. It said: ${said}`);
  const data = http.read("a query", shape, answer.data?.data);
  const told = new Date(headers.get("date") ?? "");
  return { data, at: (Number.isNaN(told.getTime()) ? now() : told).toISOString() };
}

const tooComplex = ({ url }: Place) =>
  new AppError("refused", `${new URL(url).host} allows only queries that are smaller than Trellis needs.`);
