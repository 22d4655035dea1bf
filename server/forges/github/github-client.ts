import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import type { ForgeAccount, ForgeClient } from "../../pulls/forge-client";
import { githubActs } from "./acts";
import { failingLogs } from "./failing-logs";
import { GithubHttp } from "./github-http";
import { listIn } from "./github-refusal";
import { type GithubMemory, listPulls } from "./list-pulls";
import { readComments } from "./read-comments";
import { readPulls, type Stacks } from "./read-pulls";
import { listedShape, repositoryShape, userShape } from "./shapes";
import { ensureWebhook, readWebhook } from "./webhooks";

type Options = {
  url: string;
  /** Of a person, or a GitHub App's credentials as JSON. */
  token: string;
  now(): Date;
  fetch?: typeof fetch;
  limitMs?: number;
  /** Between two looks at a merge that runs in the background. */
  pollMs?: number;
};

/** github.com and Enterprise servers. Facts come by GraphQL, lists and acts by REST. */
export function createGithubClient(options: Options): ForgeClient {
  const { url, now, pollMs = 1_000 } = options;
  const http = new GithubHttp(options);
  const memory: GithubMemory = new Map();
  const on = (path: string) => `/repos/${path.split("/").map(encodeURIComponent).join("/")}`;

  const read = async (path: string, number: number): Promise<PullFacts> => {
    // The list of one: only REST tells of stacks.
    const listed = await http.ask(["GET", `${on(path)}/pulls/${number}`], listedShape);
    const { stack } = listed;
    const stacks: Stacks = new Map(
      stack ? [[number, { id: stack.id, position: stack.position, size: stack.size }]] : [],
    );
    const wanted = { open: [number], over: [], pending: [], latestOver: false, stacks };
    const [facts] = await readPulls(http, path, wanted);
    if (facts) return facts;
    throw new AppError("not-found", `${http.name} does not have #${number} of ${path}.`);
  };

  return {
    check: () => check(http),
    async repository(path) {
      const { full_name, default_branch, clone_url, ssh_url } = await http.ask(["GET", on(path)], repositoryShape);
      return { path: full_name, defaultBranch: default_branch || null, cloneUrls: [clone_url, ssh_url] };
    },
    listPulls: (path, question) => listPulls({ http, path, at: on(path), memory, now }, question),
    readPull: read,
    parsePullUrl(text) {
      const rest = text.startsWith(`${url}/`) ? text.slice(url.length + 1) : "";
      const [, path, number] = /^([^/]+\/[^/?#]+)\/pull\/(\d{1,9})(?:[/?#]|$)/.exec(rest) ?? [];
      return path && number ? { path, number: Number(number) } : null;
    },
    ...githubActs({ http, on, pollMs, read }),
    failingLogs: (path, failing, limits) => failingLogs({ http, on }, { path, failing, limits }),
    comments: (path, number) => readComments(http, path, number),
    ensureWebhook: (path, hook) => ensureWebhook(http, on(path), hook),
    readWebhook,
    budget: () => http.budget(),
  };
}

/** Of a fine-grained token GitHub tells no rights: a later refusal names what is missing. */
async function check(http: GithubHttp): Promise<ForgeAccount> {
  if (http.isApp) {
    const { slug, name, permissions } = await http.app();
    const missing = Object.entries(appNeeds).filter(([right, { level }]) => !mayDo(permissions[right], level));
    return { login: slug, name, missing: missing.map(([right, { level, why }]) => `${right}: ${level} (${why})`) };
  }
  const { data, headers } = await http.send("GET", "/user");
  const { login, name } = http.read("/user", userShape, data);
  const scopes = headers["x-oauth-scopes"];
  const lacks =
    typeof scopes === "string" && !listIn(scopes).some((scope) => scope === "repo" || scope === "public_repo");
  const missing = lacks ? ["the scope repo (reading and merging pull requests, checks and webhooks)"] : [];
  return { login, name: name || null, missing };
}

const appNeeds = {
  pull_requests: { level: "write", why: "reading, opening and retargeting pull requests" },
  contents: { level: "write", why: "merging" },
  checks: { level: "read", why: "check runs" },
  statuses: { level: "read", why: "commit statuses" },
  actions: { level: "read", why: "logs of failing jobs" },
  repository_hooks: { level: "write", why: "registering webhooks" },
};

const mayDo = (has: string | undefined, needs: string): boolean =>
  has === "admin" || has === "write" || (has === "read" && needs === "read");
