import { AppError } from "../../domain/app-error";
import type { Check } from "../../domain/pull";
import type { FailingLog, ForgeClient } from "../../pulls/forge-client";
import { ForgeHttp } from "../http";
import { gitlabActs } from "./acts";
import { readComments } from "./read-comments";
import { listPulls, readPull } from "./read-pulls";
import { projectShape, tokenShape, userShape } from "./shapes";
import { ensureWebhook, readWebhook } from "./webhooks";

type Options = { url: string; token: string; now(): Date; fetch?: typeof fetch; limitMs?: number };

/** GitLab of any edition. What it calls merge requests is read by GraphQL, and acted on by REST. */
export function createGitlabClient({ url, token, now, ...more }: Options): ForgeClient {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  const http = new ForgeHttp({ base: `${url}/api`, headers, name: new URL(url).host, now, ...more });
  const on = (path: string) => `/v4/projects/${encodeURIComponent(path)}`;
  const place = { http, url, now };
  const read = (path: string, number: number) => readPull(place, path, number);

  return {
    async check() {
      const { username, name } = await http.ask("/v4/user", userShape);
      return { login: username, name, missing: await missingRights(http) };
    },
    async repository(path) {
      const project = await http.ask(on(path), projectShape);
      return {
        path: project.path_with_namespace,
        defaultBranch: project.default_branch ?? null,
        cloneUrls: [project.http_url_to_repo, project.ssh_url_to_repo],
      };
    },
    listPulls: (path, question) => listPulls(place, path, question),
    readPull: read,
    parsePullUrl(text) {
      const rest = text.startsWith(`${url}/`) ? text.slice(url.length + 1) : "";
      const [, path, number] =
        /^([^/?#]+(?:\/(?!-\/)[^/?#]+)+?)(?:\/-)?\/merge_requests\/(\d{1,9})(?:[/?#]|$)/.exec(rest) ?? [];
      return path && number ? { path, number: Number(number) } : null;
    },
    ...gitlabActs({ http, on, read, host: new URL(url).host }),
    failingLogs: (path, failing, limits) => failingLogs(http, on(path), { failing, limits }),
    comments: (path, number) => readComments({ http, on, url }, path, number),
    ensureWebhook: (path, hook) => ensureWebhook(http, on(path), hook),
    readWebhook,
    budget: () => http.budget(),
  };
}

/** Of a kind of token that does not know itself nothing is told: a later refusal names it. */
async function missingRights(http: ForgeHttp): Promise<string[]> {
  try {
    const { scopes } = await http.ask("/v4/personal_access_tokens/self", tokenShape);
    return scopes.includes("api") ? [] : ["the scope api (reading and merging, and webhooks)"];
  } catch (error) {
    if (AppError.is(error) && (error.code === "refused" || error.code === "not-found")) return [];
    throw error;
  }
}

type Wanted = { failing: Check[]; limits: { jobs: number; bytes: number } };

/** Told without its log rather than not at all, where it was erased or is not for this token. */
async function failingLogs(http: ForgeHttp, at: string, { failing, limits }: Wanted): Promise<FailingLog[]> {
  const logs: FailingLog[] = [];
  for (const { name, url, runId } of failing.filter((check) => check.runId !== null).slice(0, limits.jobs)) {
    const asked = http.send(`${at}/jobs/${runId}/trace`, { tailBytes: limits.bytes });
    const text = await asked.then(
      (answer) => answer.text,
      (error: unknown) => {
        if (AppError.is(error) && error.code !== "unavailable") return "";
        throw error;
      },
    );
    if (text !== "") logs.push({ check: name, url, text });
  }
  return logs;
}
