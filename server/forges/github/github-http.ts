import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { Budget } from "../../pulls/forge-client";
import { fetchBounded } from "../bounded-fetch";
import { limitedUntil } from "../refusal";
import { RequestBudget } from "../request-budget";
import { type Answer, githubRefusal } from "./github-refusal";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type GraphqlError = { type: string | null; path: string[]; message: string };
/** `heavy`: the forge gave up on a query; a smaller one may do. */
export type GraphqlAnswer =
  | { kind: "data"; data: unknown; errors: GraphqlError[] }
  | { kind: "heavy"; error: AppError };

type Options = {
  url: string;
  token: string;
  now(): Date;
  limitMs?: number | undefined;
  fetch?: typeof fetch | undefined;
};
type Asked = {
  body?: object;
  ifNoneMatch?: string | undefined;
  /** Statuses beside 2xx whose answer is read rather than refused. */
  also?: number[];
  tailBytes?: number;
};

/** What stands in the token's place for a GitHub App. */
const appShape = z.object({
  appId: z.union([z.string(), z.int()]),
  installationId: z.union([z.string(), z.int()]),
  privateKey: z.string(),
});
const errorsShape = z.array(
  z.object({
    type: z.string().nullish(),
    message: z.string(),
    path: z.array(z.union([z.string(), z.int()])).nullish(),
  }),
);
const installationShape = z.object({ permissions: z.record(z.string(), z.string()) });
const tokenShape = z.object({ token: z.string() });
const slugShape = z.object({ slug: z.string(), name: z.string() });
/** What octokit throws for an answer that is no 2xx. */
const refusedShape = z.object({
  response: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.unknown()),
    data: z.unknown(),
  }),
});
const answerShape = z.object({ data: z.unknown().optional(), errors: errorsShape.nullish() });

/** One token's way to GitHub, by octokit: counted, bounded, and in words where it fails. */
export class GithubHttp {
  readonly name: string;
  readonly isApp: boolean;
  #opened: Promise<Octokit> | null = null;
  readonly #budget: RequestBudget;

  constructor(private readonly options: Options) {
    this.name = new URL(options.url).host;
    this.#budget = new RequestBudget(options.now);
    this.isApp = appIn(options.token) !== null;
  }

  budget(): Budget {
    return this.#budget.reading();
  }

  /** The answer of a 2xx, or of a status that was asked for; rejects for every other. */
  async send(method: Method, path: string, { body, ifNoneMatch, also = [], tailBytes }: Asked = {}): Promise<Answer> {
    const headers = ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch };
    const request = { fetch: this.#fetch(tailBytes) };
    try {
      const octokit = await this.#octokit();
      return await octokit.request(`${method} ${path}`, { ...body, headers, request });
    } catch (error) {
      const refused = refusedShape.safeParse(error);
      if (!refused.success) throw this.#spoken(error);
      const { response } = refused.data;
      if (also.includes(response.status)) return response;
      throw githubRefusal({ name: this.name, response, budget: this.budget() });
    }
  }

  async ask<Shape extends z.ZodType>(
    [method, path]: [Method, string],
    shape: Shape,
    asked: Asked = {},
  ): Promise<z.infer<Shape>> {
    return this.read(path, shape, (await this.send(method, path, asked)).data);
  }

  read<Shape extends z.ZodType>(what: string, shape: Shape, data: unknown): z.infer<Shape> {
    const read = shape.safeParse(data);
    if (read.success) return read.data;
    const where = read.error.issues[0]?.path.join(".") ?? "";
    throw new AppError("unavailable", `${this.name} answered ${what} in a shape that is not known (${where}).`);
  }

  /** Errors that spoil only a part come with the rest of the data. */
  async graphql(query: string, variables: object): Promise<GraphqlAnswer> {
    const { status, data } = await this.send("POST", graphqlOf(this.options.url), {
      body: { query, variables },
      also: [502, 504],
    });
    const trouble = `${this.name} did not manage a query.`;
    if (status >= 500) return { kind: "heavy", error: new AppError("unavailable", trouble) };
    const { data: found, errors } = this.read("a query", answerShape, data);
    const read = (errors ?? []).map(({ type, path, message }) => ({
      type: type ?? null,
      message,
      path: (path ?? []).map(String),
    }));
    if (read.some(({ type }) => type === "RATE_LIMITED")) throw limitedUntil(this.name, this.budget().resetsAt);
    if (read.some(({ message }) => /something went wrong|timeout|timed out/i.test(message)))
      return { kind: "heavy", error: new AppError("unavailable", `${trouble} It said: ${read[0]?.message}`) };
    if (!found && read[0]) throw new AppError("refused", `${this.name} refused. It said: ${read[0].message}`);
    return { kind: "data", data: found, errors: read };
  }

  /** Whose installation it is and what it may do, where the token is an app's. */
  async app(): Promise<{ slug: string; name: string; permissions: Record<string, string> }> {
    try {
      const octokit = await this.#octokit();
      const installation: unknown = await octokit.auth({ type: "installation" });
      const { permissions } = this.read("the installation", installationShape, installation);
      const { token } = this.read("the app", tokenShape, await octokit.auth({ type: "app" }));
      const { data } = await octokit.request("GET /app", { headers: { authorization: `bearer ${token}` } });
      return { ...this.read("the app", slugShape, data), permissions };
    } catch (error) {
      const refused = refusedShape.safeParse(error);
      if (!refused.success) throw this.#spoken(error);
      throw githubRefusal({ name: this.name, response: refused.data.response, budget: this.budget() });
    }
  }

  /** Loaded with the first request: where no forge is GitHub a start does without. */
  #octokit(): Promise<Octokit> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<Octokit> {
    const { url, token } = this.options;
    const [{ Octokit }, { createAppAuth }] = await Promise.all([import("@octokit/core"), import("@octokit/auth-app")]);
    const app = appIn(token);
    return new Octokit({
      baseUrl: apiOf(url),
      userAgent: "trellis",
      log: silent,
      request: { fetch: this.#fetch() },
      ...(app === null ? { auth: token } : { authStrategy: createAppAuth, auth: app }),
    });
  }

  /** Octokit wraps what came instead of an answer. */
  #spoken(error: unknown): unknown {
    if (AppError.is(error)) return error;
    if (error instanceof Error && AppError.is(error.cause)) return error.cause;
    // What is left fails before a request is made: a private key that cannot be read.
    if (this.isApp && error instanceof Error)
      return new AppError("refused", `The credentials of the GitHub App cannot be used: ${error.message}.`, {
        cause: error,
      });
    return error;
  }

  #fetch(tailBytes?: number): typeof fetch {
    return async (input, init = {}) => {
      this.#budget.asked();
      const { limitMs, fetch } = this.options;
      const url = input instanceof Request ? input.url : input;
      const response = await fetchBounded(url, init, { name: this.name, limitMs, fetch, tailBytes });
      this.#budget.answered(response);
      return response;
    };
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** github.com and its companies' own places have their API on a host of their own; an Enterprise server below a path. */
function apiOf(url: string): string {
  const { protocol, host } = new URL(url);
  return host === "github.com" || host.endsWith(".ghe.com") ? `${protocol}//api.${host}` : `${url}/api/v3`;
}

function graphqlOf(url: string): string {
  const api = apiOf(url);
  return api.endsWith("/api/v3") ? `${url}/api/graphql` : `${api}/graphql`;
}

function appIn(token: string): z.infer<typeof appShape> | null {
  if (!token.trimStart().startsWith("{")) return null;
  try {
    const read = appShape.safeParse(JSON.parse(token));
    if (read.success) return read.data;
  } catch {
    // Told below: half of a JSON is no token either.
  }
  throw new AppError("invalid", "Credentials of a GitHub App are JSON with appId, installationId and privateKey.");
}
