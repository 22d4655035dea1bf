import { createHash, randomUUID } from "node:crypto";
import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import type { ForgeModel, ModelPull } from "../../testing/forge-model";
import type { Asked, Told } from "../../testing/serve-stand-in";

type Schemas = components["schemas"];
const openShape = z.object({
  title: z.string(),
  body: z.string(),
  head: z.string(),
  base: z.string(),
  draft: z.boolean(),
});
const mergeShape = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).optional(),
});
const hookShape = z.object({
  name: z.literal("web"),
  events: z.array(z.string()),
  config: z.object({ url: z.url(), secret: z.string(), content_type: z.literal("json") }),
});

/** Merges that run in the background, by their id: done when they were asked for a second time. */
export type Background = Map<string, { number: number; polls: number; headSha: string }>;

/** The part of GitHub's REST that an adapter asks; shapes are those that GitHub publishes. */
export function answerRest(model: ForgeModel, background: Background, asked: Asked): Told {
  const { method, path, body } = asked;
  const at = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path);
  if (!at) return notFound;
  if (at[1] === model.formerPath) return movedTo(model, asked, at[2] ?? "");
  if (at[1] !== model.path) return notFound;
  const rest = at[2] ?? "";
  const [, number, act] = /^\/pulls\/(\d+)(\/.*)?$/.exec(rest) ?? [];
  if (number) {
    const pull = model.pulls.find((each) => each.number === Number(number));
    return pull ? answerPull(model, background, { ...asked, pull, act: act ?? "" }) : notFound;
  }
  if (rest === "" && method === "GET") return { status: 200, body: repository(model) };
  if (rest === "/pulls" && method === "GET") return list(model, asked);
  if (rest === "/pulls" && method === "POST") return open(model, openShape.parse(body));
  if (rest.startsWith("/hooks")) return answerHooks(model, asked, rest);
  const [, log] = /^\/actions\/jobs\/(\d+)\/logs$/.exec(rest) ?? [];
  if (log) return { status: 302, headers: { location: `/blob/${log}` } };
  const [, run] = /^\/check-runs\/(\d+)$/.exec(rest) ?? [];
  if (run) return { status: 200, body: { output: { title: "Found", summary: logOf(model, Number(run)), text: null } } };
  const [, branch] = /^\/git\/refs\/heads\/(.+)$/.exec(rest) ?? [];
  if (branch && method === "DELETE") {
    if (model.branches.delete(decodeURIComponent(branch))) return { status: 204 };
    return { status: 422, body: { message: "Reference does not exist" } };
  }
  return notFound;
}

export const notFound: Told = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
};
const invalid = (message: string, errors: object[] = []): Told => ({ status: 422, body: { message, errors } });

export function logOf(model: ForgeModel, id: number): string {
  return [...model.checks.values()].flat().find((check) => check.id === id)?.log ?? "";
}

/** As GitHub does it: by the repository's number, and so that the method stays. */
function movedTo(model: ForgeModel, { method, query }: Asked, rest: string): Told {
  const location = `/api/v3/repos/${model.path}${rest}${query.size > 0 ? `?${query}` : ""}`;
  return { status: method === "GET" ? 301 : 307, headers: { location }, body: { message: "Moved Permanently" } };
}

function repository({
  path,
}: ForgeModel): Pick<
  Schemas["full-repository"],
  | "full_name"
  | "default_branch"
  | "clone_url"
  | "ssh_url"
  | "allow_merge_commit"
  | "allow_squash_merge"
  | "allow_rebase_merge"
> {
  return {
    ...{ full_name: path, default_branch: "main" },
    ...{ clone_url: `https://github.test/${path}.git`, ssh_url: `git@github.test:${path}.git` },
    ...{ allow_merge_commit: true, allow_squash_merge: true, allow_rebase_merge: false },
  };
}

type Shown = Pick<Schemas["pull-request-simple"], "number" | "title" | "stack"> & {
  state: "open" | "closed";
  updated_at: string;
  head: { ref: string; sha: string; repo: { full_name: string } | null };
};

function shown(pull: ModelPull, model: ForgeModel): Shown {
  const { number, title, head, stack } = pull;
  const base = { ref: "main", sha: model.branches.get("main") ?? "" };
  return {
    ...{ number, title, state: pull.state === "open" ? "open" : "closed", updated_at: pull.updatedAt.toISOString() },
    head: { ref: head.branch, sha: head.sha, repo: head.repository === null ? null : { full_name: head.repository } },
    ...(stack === null ? {} : { stack: { ...stack, base } }),
  };
}

function list(model: ForgeModel, { query, headers }: Asked): Told {
  const time = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const way = query.get("direction") === "desc" ? -1 : 1;
  const wanted = model.pulls.filter(({ state }) => query.get("state") === "all" || state === "open");
  const sorted = wanted.toSorted((a, b) => way * (a[time].getTime() - b[time].getTime() || a.number - b.number));
  const size = Number(query.get("per_page"));
  const from = (Number(query.get("page")) - 1) * size;
  const body = sorted.slice(from, from + size).map((pull) => shown(pull, model));
  const etag = `W/"${createHash("sha256").update(JSON.stringify(body)).digest("hex")}"`;
  const next = from + size < sorted.length ? { link: `<https://github.test/?page=next>; rel="next"` } : {};
  if (headers["if-none-match"] === etag) return { status: 304, headers: { etag } };
  return { status: 200, body, headers: { etag, ...next } };
}

function open(model: ForgeModel, wanted: z.infer<typeof openShape>): Told {
  if (!model.branches.has(wanted.head)) return invalid("Validation Failed", [{ field: "head", code: "invalid" }]);
  if (model.pulls.some(({ state, head }) => state === "open" && head.branch === wanted.head))
    return invalid("Validation Failed", [{ message: `A pull request already exists for ${wanted.head}.` }]);
  return { status: 201, body: shown(model.open(wanted), model) };
}

function answerHooks(model: ForgeModel, { method, body }: Asked, rest: string): Told {
  const show = ({ id, url, events }: ForgeModel["hooks"][number]) => ({ id, events, config: { url } });
  if (method === "GET") return { status: 200, body: model.hooks.map(show) };
  const { events, config } = hookShape.parse(body);
  const known = model.hooks.find(({ id }) => rest === `/hooks/${id}`);
  const hook = { id: known?.id ?? model.id(), url: config.url, secret: config.secret, events };
  if (known) Object.assign(known, hook);
  else model.hooks.push(hook);
  return { status: known ? 200 : 201, body: show(hook) };
}

type OfPull = Asked & { pull: ModelPull; act: string };

function answerPull(model: ForgeModel, background: Background, asked: OfPull): Told {
  const { method, pull, act, body } = asked;
  const inStack = "because the pull request is part of a stack";
  switch (`${method} ${act.replace(/^\/merge-async\/.+$/, "/merge-async/id")}`) {
    case "GET ":
      return { status: 200, body: shown(pull, model) };
    case "PATCH ": {
      if (pull.stack) return invalid(`Cannot change the base branch ${inStack}.`);
      pull.base = z.object({ base: z.string() }).parse(body).base;
      model.touch(pull);
      return { status: 200, body: shown(pull, model) };
    }
    case "PUT /merge":
      return mergeNow(model, pull, mergeShape.parse(body));
    case "PUT /merge-async":
      return mergeLater(background, pull, mergeShape.parse(body));
    case "GET /merge-async/id":
      return landed(model, background, act.slice("/merge-async/".length));
    case "PUT /update-branch": {
      if (pull.stack) return invalid(`Cannot update the branch ${inStack}.`);
      if (z.object({ expected_head_sha: z.string() }).parse(body).expected_head_sha !== pull.head.sha)
        return invalid("expected head sha didn’t match current head ref.");
      model.push(pull.head.branch);
      return { status: 202, body: { message: "Updating pull request branch." } };
    }
    case "POST /requested_reviewers": {
      const { reviewers, team_reviewers } = z
        .object({ reviewers: z.array(z.string()), team_reviewers: z.array(z.string()) })
        .parse(body);
      const strangers = reviewers.filter((name) => name !== model.reviewer);
      if (strangers.length > 0) return invalid("Reviews may only be requested from collaborators.");
      pull.requested = [...new Set([...pull.requested, ...reviewers, ...team_reviewers])];
      model.touch(pull);
      return { status: 201, body: shown(pull, model) };
    }
    default:
      return notFound;
  }
}

function mergeNow(model: ForgeModel, pull: ModelPull, { sha }: z.infer<typeof mergeShape>): Told {
  const refused = (message: string): Told => ({ status: 405, body: { message } });
  if (pull.stack) return refused("Pull request is part of a stack and must be merged with the async merge API.");
  if (sha !== undefined && sha !== pull.head.sha)
    return { status: 409, body: { message: "Head branch was modified. Review and try the merge again." } };
  if (model.obstacle(pull) !== null) return refused("Pull Request is not mergeable");
  model.merge(pull);
  const body: Schemas["pull-request-merge-result"] = { sha: pull.mergeSha ?? "", merged: true, message: "Merged" };
  return { status: 200, body };
}

type Result = {
  status: Schemas["pull-request-merge-async-result"]["status"];
  details: { message: string; uuid?: string };
};

function mergeLater(background: Background, pull: ModelPull, { sha }: z.infer<typeof mergeShape>): Told {
  const failed: Result = { status: "failed", details: { message: "Pull request is closed or a draft." } };
  if (pull.state !== "open" || pull.draft) return { status: 400, body: failed };
  const uuid = randomUUID();
  background.set(uuid, { number: pull.number, polls: 0, headSha: sha ?? pull.head.sha });
  const pending: Result = { status: "pending", details: { message: "Merge request enqueued.", uuid } };
  return { status: 202, body: pending };
}

/** With all below it, or nothing of it. */
function landed(model: ForgeModel, background: Background, uuid: string): Told {
  const asked = background.get(uuid);
  if (!asked) return notFound;
  asked.polls += 1;
  const tell = (body: Result): Told => ({ status: 200, body });
  if (asked.polls < 2) return tell({ status: "pending", details: { message: "Merge request is in progress.", uuid } });
  const pull = model.find(asked.number);
  const stack = model.pulls.filter(
    (each) => each.stack?.id === pull.stack?.id && (each.stack?.position ?? 0) <= (pull.stack?.position ?? 0),
  );
  const stands = stack.find((each) => each.state === "open" && model.obstacle(each) !== null);
  if (stands) return tell({ status: "failed", details: { message: `#${stands.number}: ${model.obstacle(stands)}` } });
  for (const each of stack) if (each.state === "open") model.merge(each);
  return tell({ status: "merged", details: { message: "Pull request was merged." } });
}
