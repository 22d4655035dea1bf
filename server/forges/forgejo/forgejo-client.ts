import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import type { ForgeClient, ListQuestion, PullList, WebhookDelivery, WebhookHint } from "../../pulls/forge-client";
import { ForgeHttp } from "../http";
import { branchIn } from "../pushed-branch";
import { isSigned } from "../signatures";
import { checkAccount } from "./account";
import { DetailReader } from "./details";
import { failingLogs } from "./failing-logs";
import { pageSize } from "./paging";
import { readComments } from "./read-comments";
import { readFacts } from "./read-facts";
import { deliveryShape, hookShape, pullShape, type RawPull, repositoryShape } from "./shapes";

type Options = { url: string; token: string; now(): Date; fetch?: typeof fetch; limitMs?: number };

const mergeTries = 20;
const checkingMs = 1_000;
/** Clocks differ, and what moves while it is listed may be left out: each look begins a little before the last one's end. */
const overlapMs = 60_000;
const hookEvents = [
  ...["push", "status", "pull_request", "pull_request_sync", "pull_request_comment", "workflow_job"],
  ...["pull_request_review_approved", "pull_request_review_rejected", "pull_request_review_comment"],
  "pull_request_review_request",
];

/** Gitea and Forgejo, which share their API. They have no GraphQL: a list, then details of those that moved. */
export function createForgejoClient({ url, token, now, fetch, limitMs }: Options): ForgeClient {
  const name = new URL(url).host;
  const headers = { authorization: `token ${token}`, accept: "application/json" };
  const http = new ForgeHttp({ base: `${url}/api/v1`, headers, name, now, fetch, limitMs });
  const on = (path: string) => `/repos/${path.split("/").map(encodeURIComponent).join("/")}`;
  const details = new DetailReader({ http, on, url, now });

  const read = async (path: string, number: number): Promise<PullFacts> => {
    const raw = await http.ask(`${on(path)}/pulls/${number}`, pullShape);
    return readFacts(raw, await details.of(path, raw));
  };

  return {
    check: () => checkAccount(http, url),
    async repository(path) {
      const { full_name, default_branch, clone_url, ssh_url } = await http.ask(on(path), repositoryShape);
      return { path: full_name, defaultBranch: default_branch || null, cloneUrls: [clone_url, ssh_url] };
    },
    listPulls: (path, question) => listPulls({ http, on, details, now }, path, question),
    readPull: read,
    parsePullUrl(text) {
      const rest = text.startsWith(`${url}/`) ? text.slice(url.length + 1) : "";
      const [, path, number] = /^([^/]+\/[^/?#]+)\/pulls\/(\d{1,9})(?:[/?#]|$)/.exec(rest) ?? [];
      return path && number ? { path, number: Number(number) } : null;
    },
    async openPull(path, { title, body, base, head, draft }) {
      const opened = { title: draft ? `WIP: ${title}` : title, body, base, head };
      const raw = await http.ask(`${on(path)}/pulls`, pullShape, { method: "POST", body: opened });
      return readFacts(raw, await details.of(path, raw));
    },
    async merge(path, number, { headSha, method, deleteBranch }) {
      const style = method ?? (await http.ask(on(path), repositoryShape)).default_merge_style;
      const body = { do: style ?? "merge", head_commit_id: headSha, delete_branch_after_merge: deleteBranch };
      await onceChecked(() => http.send(`${on(path)}/pulls/${number}/merge`, { method: "POST", body }));
      return read(path, number);
    },
    async retarget(path, number, base) {
      await http.send(`${on(path)}/pulls/${number}`, { method: "PATCH", body: { base } });
      return read(path, number);
    },
    async update(path, number, { headSha }) {
      const { head } = await http.ask(`${on(path)}/pulls/${number}`, pullShape);
      if (head.sha !== headSha) throw new AppError("conflict", `#${number} moved meanwhile: look again.`);
      await http.send(`${on(path)}/pulls/${number}/update`, { method: "POST", query: { style: "rebase" } });
      return read(path, number);
    },
    async requestReview(path, number, reviewers) {
      await http.send(`${on(path)}/pulls/${number}/requested_reviewers`, { method: "POST", body: { reviewers } });
      return read(path, number);
    },
    failingLogs: (path, failing, limits) => failingLogs({ http, on }, { path, failing, limits }),
    comments: (path, number) => readComments({ http, on }, path, number),
    ensureWebhook: (path, hook) => ensureWebhook({ http, on }, path, hook),
    readWebhook,
    budget: () => http.budget(),
  };
}

async function ensureWebhook({ http, on }: Parts, path: string, hook: { url: string; secret: string }): Promise<void> {
  const config = { url: hook.url, content_type: "json", secret: hook.secret };
  const known = await http.ask(`${on(path)}/hooks`, z.array(hookShape), { query: { limit: pageSize } });
  const ours = known.find((each) => each.config["url"] === hook.url);
  const wanted = { config, events: hookEvents, active: true };
  // A secret that is there already is not changed by an edit.
  if (ours) await http.send(`${on(path)}/hooks/${ours.id}`, { method: "DELETE" });
  await http.send(`${on(path)}/hooks`, { method: "POST", body: { type: "gitea", ...wanted } });
}

function readWebhook({ headers: given, body }: WebhookDelivery, secret: string): WebhookHint | null {
  const signature = given["x-forgejo-signature"] ?? given["x-gitea-signature"] ?? given["x-hub-signature-256"];
  if (!isSigned(body, signature, secret)) return null;
  const delivery = deliveryShape.safeParse(parseJson(body));
  if (!delivery.success) return null;
  const { repository, number = null, sha, ref, workflow_job } = delivery.data;
  const moved = { number, sha: sha ?? workflow_job?.head_sha ?? null, branch: branchIn(ref) };
  return { repository: repository.full_name, ...moved };
}

/** The forge tests a merge in the background after each change, and until then asks to try again. */
async function onceChecked<T>(merge: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await merge();
    } catch (error) {
      const later = AppError.is(error) && error.code === "refused" && /try again later/i.test(error.message);
      if (!later || attempt === mergeTries) throw error;
      await sleep(checkingMs);
    }
  }
}

type Parts = { http: ForgeHttp; on(path: string): string };

async function listPulls(
  { http, on, details, now }: Parts & { details: DetailReader; now(): Date },
  path: string,
  { cursor, full, pending }: ListQuestion,
): Promise<PullList> {
  const since = cursor === null ? null : new Date(new Date(cursor).getTime() - overlapMs);
  details.forgetRules();
  const clock: Clock = { begun: null };
  const found = new Map<number, RawPull>();
  let open: number[] | null = null;
  if (full || since === null) {
    open = [];
    for await (const raw of pages({ http, on, clock }, path, { state: "open", sort: "oldest" })) {
      found.set(raw.number, raw);
      open.push(raw.number);
    }
  }
  if (since !== null)
    for await (const raw of pages({ http, on, clock }, path, { state: "all", sort: "recentupdate" })) {
      if (raw.updated_at < since) break;
      found.set(raw.number, raw);
    }
  for (const { number } of pending) {
    const raw = found.has(number) ? null : await ifThere(http.ask(`${on(path)}/pulls/${number}`, pullShape));
    if (raw) found.set(number, raw);
  }
  const pulls: PullFacts[] = [];
  for (const raw of found.values()) pulls.push(readFacts(raw, await details.of(path, raw)));
  return { pulls, open, cursor: (clock.begun ?? now()).toISOString() };
}

/** When a look began by the forge's own clock: ours may be another, and then what moved would be passed over. */
type Clock = { begun: Date | null };

async function* pages(
  { http, on, clock }: Parts & { clock: Clock },
  path: string,
  query: Record<string, string>,
): AsyncGenerator<RawPull> {
  const at = `${on(path)}/pulls`;
  for (let page = 1; ; page += 1) {
    const asked = { query: { ...query, limit: pageSize, page } };
    const { json, headers } = await http.send(at, asked);
    const told = new Date(headers.get("date") ?? "");
    if (!Number.isNaN(told.getTime())) clock.begun ??= told;
    const raws = http.read(at, z.array(pullShape), json);
    yield* raws;
    if (raws.length < pageSize) return;
  }
}

/** Null for one that was deleted meanwhile. */
async function ifThere<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (!AppError.is(error) || error.code !== "not-found") throw error;
    return null;
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return null;
  }
}
