import { z } from "zod";
import { ForgeModel } from "../../testing/forge-model";
import { type Asked, serveStandIn, type Told } from "../../testing/serve-stand-in";
import { executeQuery } from "./graphql-face";
import { answerRest, type Background, logOf, notFound } from "./rest-face";

/** `scopes` null: a fine-grained token, of which GitHub tells none. */
type Token = { login: string; scopes: string[] | null };
type Window = { limit: number; used: number; resetsAt: Date };

/** Where GitHub cannot be reached: its schema, its shapes, its headers and its refusals over a model. */
export type StandInGithub = {
  url: string;
  model: ForgeModel;
  tokens: Map<string, Token>;
  windows: { core: Window; graphql: Window };
  /** Every request that was taken: its method and path, or the name of its query. */
  taken: string[];
  /** Answers the next request that it is given, and so on, until it gives nothing. */
  fault: ((asked: Asked) => Told | null) | null;
  close(): Promise<void>;
};

const queryShape = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });

export async function startGithub(): Promise<StandInGithub> {
  const model = new ForgeModel();
  const background: Background = new Map();
  const hour = () => new Date(Date.now() + 3_600_000);
  const { url, close } = await serveStandIn((asked) => take(asked));
  const github: StandInGithub = {
    url,
    model,
    tokens: new Map([[model.token, { login: model.owner, scopes: ["repo"] }]]),
    windows: {
      core: { limit: 5_000, used: 0, resetsAt: hour() },
      graphql: { limit: 5_000, used: 0, resetsAt: hour() },
    },
    taken: [],
    fault: null,
    close,
  };

  async function take(asked: Asked): Promise<Told> {
    const [, log] = /^\/blob\/(\d+)$/.exec(asked.path) ?? [];
    if (log) return { status: 200, text: logOf(model, Number(log)) };
    const isQuery = asked.path === "/api/graphql";
    const name = isQuery
      ? /query (\w+)/.exec(queryShape.parse(asked.body).query)?.[1]
      : `${asked.method} ${asked.path}`;
    github.taken.push(name ?? "a query without a name");
    const [, credential = ""] = /^(?:token|bearer) (.+)$/i.exec(asked.headers["authorization"] ?? "") ?? [];
    const told = github.fault?.(asked) ?? (await answer(asked, github.tokens.get(credential), isQuery));
    const resource = isQuery ? "graphql" : "core";
    const window = github.windows[resource];
    if (told.status !== 304 && window.used < window.limit) window.used += 1;
    return { ...told, headers: { ...limits(resource, window), ...told.headers } };
  }

  async function answer(asked: Asked, token: Token | undefined, isQuery: boolean): Promise<Told> {
    const installed = /^\/api\/v3\/app(\/installations\/\d+\/access_tokens)?$/.exec(asked.path);
    if (installed) return installed[1] ? installation() : { status: 200, body: { slug: "trellis", name: "Trellis" } };
    if (!token)
      return { status: 401, body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest" } };
    const scopes = token.scopes === null ? {} : { "x-oauth-scopes": token.scopes.join(", ") };
    if (isQuery) {
      const { limit, used } = github.windows.graphql;
      const message = "API rate limit exceeded for user ID 1.";
      if (used >= limit) return { status: 200, body: { errors: [{ type: "RATE_LIMITED", message }] }, headers: scopes };
      const { query, variables } = queryShape.parse(asked.body);
      return { status: 200, headers: scopes, body: await executeQuery(model, { query, variables, url: github.url }) };
    }
    const { limit, used } = github.windows.core;
    if (used >= limit)
      return { status: 403, headers: scopes, body: { message: "API rate limit exceeded for user ID 1." } };
    if (!asked.path.startsWith("/api/v3/")) return notFound;
    const path = asked.path.slice("/api/v3".length);
    if (path === "/user") return { status: 200, headers: scopes, body: { login: token.login, name: null } };
    const told = answerRest(model, background, { ...asked, path });
    return { ...told, headers: { "x-accepted-oauth-scopes": "repo", ...scopes, ...told.headers } };
  }

  function installation(): Told {
    const token = `ghs_${model.token}`;
    github.tokens.set(token, { login: "trellis[bot]", scopes: null });
    const permissions = { pull_requests: "write", contents: "write", checks: "read", metadata: "read" };
    return { status: 201, body: { token, expires_at: hour().toISOString(), permissions, repository_selection: "all" } };
  }

  return github;
}

function limits(resource: string, { limit, used, resetsAt }: Window): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-used": String(used),
    "x-ratelimit-remaining": String(limit - used),
    "x-ratelimit-reset": String(Math.floor(resetsAt.getTime() / 1_000)),
    "x-ratelimit-resource": resource,
  };
}
