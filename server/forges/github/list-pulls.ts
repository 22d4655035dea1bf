import { z } from "zod";
import type { ListQuestion, PullList } from "../../pulls/forge-client";
import type { GithubHttp } from "./github-http";
import { readPulls, type Stacks } from "./read-pulls";
import { type Listed, listedShape } from "./shapes";

/** Of the looks before: without it the next one lists all open ones, for only the list tells of stacks. */
export type GithubMemory = Map<string, { cursor: string; etag: string | undefined; stacks: Stacks }>;

const pageSize = 50;
/** What is written while it is listed may be left out: each look begins a little before the last one's end. */
const overlapMs = 60_000;

type Place = { http: GithubHttp; path: string; at: string; memory: GithubMemory; now(): Date };
type Listing = { listed: Listed[]; etag: string | undefined; begun: string };

/** A list by REST, which costs nothing while it is the same; then one query for what moved or is waited for. */
export async function listPulls(place: Place, question: ListQuestion): Promise<PullList> {
  const { http, path, memory } = place;
  const known = memory.get(path);
  const isWhole = question.full || question.cursor === null || known === undefined;
  const since = question.cursor === null ? null : new Date(new Date(question.cursor).getTime() - overlapMs);
  // Only a list whose facts were stored may be left unread when it is the same again.
  const etag = known?.cursor === question.cursor ? known?.etag : undefined;
  const { listed, begun, ...more } = isWhole
    ? await listOpen(place)
    : await listMoved(place, { since: since ?? new Date(0), etag });
  const stacks = isWhole ? new Map() : new Map(known.stacks);
  for (const { number, stack } of listed) {
    if (stack) stacks.set(number, { id: stack.id, position: stack.position, size: stack.size });
    else stacks.delete(number);
  }
  const numbers = new Set(listed.map(({ number }) => number));
  const pulls = await readPulls(http, path, {
    ...partsOf(listed),
    pending: question.pending.map(({ number }) => number).filter((number) => !numbers.has(number)),
    latestOver: isWhole && since !== null,
    stacks,
  });
  const over = pulls.filter(({ state, updatedAt }) => state !== "open" && since !== null && updatedAt >= since);
  // So many ended since the last look that the latest are not all of them.
  if (isWhole && since !== null && over.length >= pageSize) {
    const { listed: moved } = await listMoved(place, { since, etag: undefined });
    const ended = moved.filter(
      ({ state, number }) => state === "closed" && !over.some((pull) => pull.number === number),
    );
    pulls.push(...(await readPulls(http, path, { ...partsOf(ended), pending: [], latestOver: false, stacks })));
  }
  const cursor = after(known?.cursor, begun);
  memory.set(path, { cursor, stacks, etag: more.etag });
  const isAsked = new Set([...numbers, ...question.pending.map(({ number }) => number)]);
  return {
    pulls: pulls.filter(({ number, updatedAt }) => isAsked.has(number) || (since !== null && updatedAt >= since)),
    open: isWhole ? listed.map(({ number }) => number) : null,
    cursor,
  };
}

function partsOf(listed: Listed[]): { open: number[]; over: number[] } {
  const numbersOf = (wanted: string) => listed.filter(({ state }) => state === wanted).map(({ number }) => number);
  return { open: numbersOf("open"), over: numbersOf("closed") };
}

async function listOpen({ http, at, now }: Place): Promise<Listing> {
  const listed: Listed[] = [];
  let begun: string | null = null;
  for (let page = 1; ; page += 1) {
    const query = `state=open&sort=created&direction=asc&per_page=${pageSize}&page=${page}`;
    const { data, headers } = await http.send("GET", `${at}/pulls?${query}`);
    const some = http.read("the list of pull requests", z.array(listedShape), data);
    begun ??= timeOf(headers, now);
    listed.push(...some);
    if (!hasNext(headers)) return { listed, begun, etag: undefined };
  }
}

async function listMoved(
  { http, at, now }: Place,
  { since, etag }: { since: Date; etag: string | undefined },
): Promise<Listing> {
  const listed: Listed[] = [];
  let first: { begun: string; etag: string | undefined } | null = null;
  for (let page = 1; ; page += 1) {
    const query = `state=all&sort=updated&direction=desc&per_page=${pageSize}&page=${page}`;
    const asked = page === 1 ? { ifNoneMatch: etag, also: [304] } : {};
    const { status, data, headers } = await http.send("GET", `${at}/pulls?${query}`, asked);
    first ??= { begun: timeOf(headers, now), etag: typeof headers["etag"] === "string" ? headers["etag"] : etag };
    if (status === 304) return { listed, ...first };
    const some = http.read("the list of pull requests", z.array(listedShape), data);
    const moved = some.filter(({ updated_at }) => updated_at >= since);
    listed.push(...moved);
    if (moved.length < some.length || !hasNext(headers)) return { listed, ...first };
  }
}

/** A clock of whole seconds gives two looks one time; each cursor stands for one look. */
function after(before: string | undefined, begun: string): string {
  if (before === undefined || before < begun) return begun;
  return new Date(new Date(before).getTime() + 1).toISOString();
}

const hasNext = (headers: Record<string, unknown>): boolean => String(headers["link"]).includes('rel="next"');

/** By the forge's own clock: ours may be another. */
function timeOf(headers: Record<string, unknown>, now: () => Date): string {
  const told = new Date(String(headers["date"]));
  return (Number.isNaN(told.getTime()) ? now() : told).toISOString();
}
