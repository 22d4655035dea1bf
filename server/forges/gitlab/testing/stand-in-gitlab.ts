import { z } from "zod";
import { ForgeModel, type ModelPull } from "../../testing/forge-model";
import { type Asked, serveStandIn, type Told } from "../../testing/serve-stand-in";
import { executeQuery, reviewersOf, stateOf } from "./graphql-face";
import { MergeTests } from "./merge-tests";

/** Where no GitLab can run: the shapes of its reference and its refusals over a model. */
export type StandInGitlab = {
  url: string;
  model: ForgeModel;
  tokens: Map<string, { username: string; scopes: string[] }>;
  taken: string[];
  /** What its limit of complexity comes to. */
  mostAtOnce: number;
  close(): Promise<void>;
};

const queryShape = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });
const openShape = z.object({
  title: z.string(),
  description: z.string(),
  source_branch: z.string(),
  target_branch: z.string(),
});
const changeShape = z.object({ target_branch: z.string().optional(), reviewer_ids: z.array(z.int()).optional() });
const hookShape = z.object({ url: z.url(), token: z.string(), merge_requests_events: z.literal(true) });
const notFound: Told = { status: 404, body: { message: "404 Project Not Found" } };

export async function startGitlab(): Promise<StandInGitlab> {
  const model = new ForgeModel();
  model.path = "group/below/app";
  const tests = new MergeTests(model);
  const { url, close } = await serveStandIn(async (asked) => {
    const { body = null, headers, ...told } = await take(asked);
    const rate = {
      "ratelimit-limit": "2000",
      "ratelimit-remaining": "1999",
      "ratelimit-reset": String(Date.now() / 1_000 + 60),
    };
    return { ...told, body, headers: { ...rate, ...headers } };
  });
  const gitlab: StandInGitlab = {
    url,
    model,
    tokens: new Map([[model.token, { username: model.owner, scopes: ["api"] }]]),
    taken: [],
    mostAtOnce: 50,
    close,
  };

  async function take(asked: Asked): Promise<Told> {
    const isQuery = asked.path === "/api/graphql";
    const name = isQuery
      ? /query (\w+)/.exec(queryShape.parse(asked.body).query)?.[1]
      : `${asked.method} ${asked.path}`;
    gitlab.taken.push(name ?? "a query without a name");
    tests.testNew();
    const token = gitlab.tokens.get((asked.headers["authorization"] ?? "").replace("Bearer ", ""));
    if (!token && isQuery) return { status: 401, body: { errors: [{ message: "Invalid token" }] } };
    if (!token) return { status: 401, body: { error: "invalid_token", error_description: "Token is expired." } };
    const { url, mostAtOnce } = gitlab;
    const query = isQuery ? queryShape.parse(asked.body) : null;
    if (query) return { status: 200, body: await executeQuery({ model, url, tests }, { ...query, mostAtOnce }) };
    const path = asked.path.replace("/api/v4", "");
    if (path === "/user") return { status: 200, body: userOf(model, token.username) };
    if (path === "/personal_access_tokens/self") return { status: 200, body: { scopes: token.scopes } };
    if (path === "/users") {
      const wanted = [model.owner, model.reviewer].filter((each) => each === asked.query.get("username"));
      return { status: 200, body: wanted.map((each) => userOf(model, each)) };
    }
    const [, project, rest = ""] = /^\/projects\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (decodeURIComponent(project ?? "") !== model.path) return notFound;
    if (`${asked.method} ${rest}` === "GET /merge_requests") return answerList({ model, tests }, asked);
    return answerProject(model, asked, rest);
  }
  return gitlab;
}

const userOf = (model: ForgeModel, username: string) => ({
  ...{ id: username === model.owner ? 1 : 2, username, name: username, state: "active" },
});

function answerProject(model: ForgeModel, asked: Asked, rest: string): Told {
  const { method, body } = asked;
  const { path } = model;
  if (rest === "") {
    const clone = {
      http_url_to_repo: `https://gitlab.test/${path}.git`,
      ssh_url_to_repo: `git@gitlab.test:${path}.git`,
    };
    return { status: 200, body: { id: 7, path_with_namespace: path, default_branch: "main", ...clone } };
  }
  if (rest === "/merge_requests" && method === "POST") {
    const { title, description, source_branch: head, target_branch: base } = openShape.parse(body);
    const message = ["Another open merge request already exists for this source branch"];
    if (model.pulls.some((pull) => pull.state === "open" && pull.head.branch === head))
      return { status: 409, body: { message } };
    const draft = /^draft:/i.test(title);
    return { status: 201, body: shown(model.open({ title, body: description, draft, base, head }), model) };
  }
  const [, number, act = ""] = /^\/merge_requests\/(\d+)(\/.*)?$/.exec(rest) ?? [];
  const pull = model.pulls.find((each) => String(each.number) === number);
  if (number)
    return pull ? answerRequest(model, asked, { pull, act }) : { status: 404, body: { message: "404 Not found" } };
  const [, job] = /^\/jobs\/(\d+)\/trace$/.exec(rest) ?? [];
  if (job)
    return { status: 200, text: [...model.checks.values()].flat().find(({ id }) => String(id) === job)?.log ?? "" };
  const [, member] = /^\/members\/all\/(\d+)$/.exec(rest) ?? [];
  if (member)
    return Number(member) < 3
      ? { status: 200, body: { access_level: 30 } }
      : { status: 404, body: { message: "404 Not found" } };
  if (rest.startsWith("/hooks")) return answerHooks(model, asked, rest);
  return notFound;
}

/** What is tested in the background is not in the answer that began it. */
function answerList({ model, tests }: { model: ForgeModel; tests: MergeTests }, { query }: Asked): Told {
  const wanted = query.getAll("iids[]");
  const listed = page(
    model.pulls.filter(({ number }) => wanted.length === 0 || wanted.includes(String(number))),
    query,
  );
  const body = listed.map((pull) => shown(pull, model));
  if (query.get("with_merge_status_recheck") === "true") for (const pull of listed) tests.test(pull);
  return { status: 200, body };
}

function answerHooks(model: ForgeModel, { method, body }: Asked, rest: string): Told {
  if (method === "GET") return { status: 200, body: model.hooks.map(({ id, url }) => ({ id, url })) };
  const { url, token: secret } = hookShape.parse(body);
  const known = model.hooks.find(({ id }) => rest === `/hooks/${id}`);
  const hook = { id: known?.id ?? model.id(), url, secret, events: [] };
  if (known) Object.assign(known, hook);
  else model.hooks.push(hook);
  return { status: known ? 200 : 201, body: { id: hook.id, url } };
}

function shown(pull: ModelPull, model: ForgeModel) {
  const reviewers = reviewersOf(pull).map(({ username }) => userOf(model, username));
  return { id: pull.id, iid: pull.number, state: stateOf(pull), sha: pull.head.sha, reviewers };
}

function answerRequest(
  model: ForgeModel,
  { method, query, body }: Asked,
  { pull, act }: { pull: ModelPull; act: string },
): Told {
  switch (`${method} ${act}`) {
    case "GET ":
      return { status: 200, body: shown(pull, model) };
    case "PUT ": {
      const { target_branch, reviewer_ids } = changeShape.parse(body);
      if (target_branch) pull.base = target_branch;
      if (reviewer_ids) pull.requested = reviewer_ids.map((id) => (id === 1 ? model.owner : model.reviewer));
      model.touch(pull);
      return { status: 200, body: shown(pull, model) };
    }
    case "PUT /merge": {
      const { sha } = z.object({ sha: z.string(), should_remove_source_branch: z.boolean() }).parse(body);
      if (sha !== pull.head.sha) return { status: 409, body: { message: "SHA does not match HEAD of source branch" } };
      if (pull.state !== "open" || pull.draft) return { status: 405, body: { message: "405 Method Not Allowed" } };
      if (model.obstacle(pull) !== null) return { status: 422, body: { message: "Branch cannot be merged" } };
      model.merge(pull);
      return { status: 200, body: shown(pull, model) };
    }
    case "PUT /rebase":
      model.push(pull.head.branch);
      return { status: 202, body: { rebase_in_progress: true } };
    case "GET /reviewers":
      return {
        status: 200,
        body: reviewersOf(pull).map(({ username, state }) => ({
          user: userOf(model, username),
          state: state.toLowerCase(),
        })),
      };
    case "GET /discussions":
      return { status: 200, body: page(discussionsOf(pull, model), query) };
    default:
      return notFound;
  }
}

/** As the reference shows them: threads on lines, words of reviews, and what the forge itself notes. */
function discussionsOf(pull: ModelPull, model: ForgeModel): object[] {
  const own = { system: false, resolvable: false };
  const system = {
    id: 1,
    body: "assigned to @ada",
    author: userOf(model, model.owner),
    created_at: pull.createdAt.toISOString(),
  };
  return [
    { id: "0".repeat(40), individual_note: true, notes: [{ ...system, ...own, system: true }] },
    ...pull.reviews
      .filter(({ body }) => body !== "")
      .map(({ id, author, body, at }) => ({
        ...{ id: String(id).padStart(40, "0"), individual_note: true },
        notes: [{ id, type: null, body, author: userOf(model, author), created_at: at.toISOString(), ...own }],
      })),
    ...pull.threads.map(({ id, path, line, resolved, comments }) => ({
      ...{ id: String(id).padStart(40, "a"), individual_note: false },
      notes: comments.map((comment) => ({
        ...{ id: comment.id, type: "DiffNote", body: comment.body, author: userOf(model, comment.author) },
        ...{ created_at: comment.at.toISOString(), system: false, resolvable: true, resolved },
        position: { base_sha: "", head_sha: "", start_sha: "", position_type: "text", new_path: path, new_line: line },
      })),
    })),
  ];
}

function page<Item>(items: Item[], query: URLSearchParams): Item[] {
  const size = Number(query.get("per_page") ?? 20);
  const from = (Number(query.get("page") ?? 1) - 1) * size;
  return items.slice(from, from + size);
}
