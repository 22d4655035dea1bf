import { afterAll, beforeAll, expect, test } from "vitest";
import { checksSummary } from "../../pulls/summaries";
import { contractOfForgeClient } from "../forge-client.contract";
import { modelGround } from "../testing/model-ground";
import { createGitlabClient } from "./gitlab-client";
import { type StandInGitlab, startGitlab } from "./testing/stand-in-gitlab";

let gitlab: StandInGitlab;
beforeAll(async () => {
  gitlab = await startGitlab();
});
afterAll(() => gitlab.close());

const client = (token = gitlab.model.token, options: { fetch?: typeof fetch; limitMs?: number } = {}) =>
  createGitlabClient({ url: gitlab.url, token, now: () => new Date(), ...options });

contractOfForgeClient("GitLab's shapes and refusals over a model", () => ({
  ...modelGround(gitlab.model),
  hasWordIds: false,
  client: (options) => client(gitlab.model.token, options),
}));

const open = (head: string) => {
  gitlab.model.push(head);
  return gitlab.model.open({ title: head, body: "", draft: false, base: "main", head });
};

test("a look costs two requests for a page, also when much is waited for", async () => {
  const looking = client();
  const { path } = gitlab.model;
  const { cursor } = await looking.listPulls(path, { cursor: null, full: true, pending: [] });
  const pulls = Array.from({ length: 30 }, (_, index) => open(`waited-${index}`));
  for (const { head } of pulls) gitlab.model.setCheck(head.sha, "build", { state: "pending" });
  const later = new Date(new Date(cursor).getTime() + 300_000).toISOString();
  gitlab.taken.length = 0;
  const pending = pulls.map(({ number, head }) => ({ number, headSha: head.sha }));
  const looked = await looking.listPulls(path, { cursor: later, full: false, pending });
  expect(looked.pulls.map((pull) => checksSummary(pull).state)).toEqual(pulls.map(() => "pending"));
  expect(gitlab.taken).toEqual(["Moved", "Some"]);
});

test("what pushes made unsure is tested when it is asked for: once for all of a look, and they are unknown until then", async () => {
  const { model } = gitlab;
  const looking = client();
  const pulls = [open("sure"), open("unsure"), open("torn")];
  model.pushConflicting("torn");
  const later = new Date(Date.now() + 300_000).toISOString();
  const pending = pulls.map(({ number, head }) => ({ number, headSha: head.sha }));
  const look = async () => {
    gitlab.taken.length = 0;
    const looked = await looking.listPulls(model.path, { cursor: later, full: false, pending });
    const seen = looked.pulls.toSorted((a, b) => a.number - b.number);
    return seen.map(({ mergeability }) => (mergeability.known ? mergeability.state : "unknown"));
  };
  expect(await look()).toEqual(["clean", "clean", "conflict"]);
  expect(gitlab.taken).toEqual(["Moved", "Some"]);
  for (const branch of ["unsure", "torn"]) model.push(branch);
  expect(await look()).toEqual(["clean", "unknown", "unknown"]);
  expect(gitlab.taken).toEqual(["Moved", "Some", "GET /api/v4/projects/group%2Fbelow%2Fapp/merge_requests"]);
  expect(await look()).toEqual(["clean", "clean", "conflict"]);
  expect(gitlab.taken).toEqual(["Moved", "Some"]);
});

test("a forge that allows only smaller queries is asked in smaller pages", async () => {
  gitlab.mostAtOnce = 20;
  const { open: numbers } = await client().listPulls(gitlab.model.path, { cursor: null, full: true, pending: [] });
  expect(numbers?.length).toBeGreaterThan(20);
  gitlab.mostAtOnce = 1;
  const refused = client().listPulls(gitlab.model.path, { cursor: null, full: true, pending: [] });
  await expect(refused).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("smaller") });
  gitlab.mostAtOnce = 50;
});

test("what is required and not there yet is told as far as the forge tells it", async () => {
  const { number, head } = open("demanding");
  gitlab.model.required = { checks: ["build"], approvals: 1 };
  const before = await client().readPull(gitlab.model.path, number);
  expect(before).toMatchObject({ checks: { requiredMissing: ["the pipeline"] }, mergeability: { state: "blocked" } });
  gitlab.model.setCheck(head.sha, "build", { state: "passing" });
  expect(await client().readPull(gitlab.model.path, number)).toMatchObject({ review: { approvalsMissing: 1 } });
  gitlab.model.review(number, "approve", { body: "", comments: [] });
  const after = await client().readPull(gitlab.model.path, number);
  expect(after).toMatchObject({ checks: { requiredMissing: [] }, review: { approvalsMissing: 0 } });
  gitlab.model.required = { checks: [], approvals: 0 };
});

test("the word of one who asks for changes is told, and a plain comment of others is not", async () => {
  const { number } = open("worded");
  gitlab.model.review(number, "request-changes", { body: "Rather not.", comments: [] });
  const comments = await client().comments(gitlab.model.path, number);
  expect(comments.map(({ body, threadId }) => [body, threadId])).toEqual([["Rather not.", null]]);
});

test("of a failing job the end of its log is read", async () => {
  const { number, head } = open("failing");
  gitlab.model.setCheck(head.sha, "build", { state: "failing", log: `${"x".repeat(5_000)}\nERROR: Job failed` });
  gitlab.model.setCheck(head.sha, "outside", { state: "failing", kind: "status" });
  const { checks } = await client().readPull(gitlab.model.path, number);
  const failing = checks.known ? checks.checks : [];
  const logs = await client().failingLogs(gitlab.model.path, failing, { jobs: 3, bytes: 100 });
  expect(logs).toEqual([
    {
      check: "build",
      url: expect.stringContaining(`${gitlab.url}/${gitlab.model.path}/-/jobs/`),
      text: expect.stringMatching(/^x+\nERROR: Job failed$/),
    },
  ]);
});

test("a token without the scope is told, and addresses of every age are read", async () => {
  gitlab.tokens.set("reads", { username: "ada", scopes: ["read_api"] });
  expect(await client("reads").check()).toMatchObject({ missing: [expect.stringContaining("scope api")] });
  await expect(client("wrong").check()).rejects.toMatchObject({ code: "refused" });
  const at = `${gitlab.url}/group/below/app`;
  for (const url of [`${at}/-/merge_requests/7`, `${at}/merge_requests/7`, `${at}/-/merge_requests/7/diffs?x=1`])
    expect(client().parsePullUrl(url)).toEqual({ path: "group/below/app", number: 7 });
  for (const url of [
    `${gitlab.url}/app/-/merge_requests/7`,
    `${at}/-/issues/7`,
    `${gitlab.url}.evil.test/a/b/-/merge_requests/7`,
  ])
    expect(client().parsePullUrl(url)).toBeNull();
});

test("a webhook is registered once; a delivery is believed only with its secret, and odd ones say nothing", async () => {
  const hook = { url: "https://trellis.test/api/webhooks/1", secret: "first" };
  await client().ensureWebhook(gitlab.model.path, hook);
  await client().ensureWebhook(gitlab.model.path, { ...hook, secret: "second" });
  expect(gitlab.model.hooks).toMatchObject([{ url: hook.url, secret: "second" }]);
  const read = (body: unknown, token = "second") =>
    client().readWebhook(
      {
        headers: { "x-gitlab-token": token },
        body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      },
      "second",
    );
  const project = { path_with_namespace: "group/below/app" };
  const hint = { repository: "group/below/app", number: null, sha: null, branch: null };
  expect(read({ object_kind: "merge_request", project, object_attributes: { iid: 7 } })).toEqual({
    ...hint,
    number: 7,
  });
  expect(read({ object_kind: "note", project, merge_request: { iid: 8 }, object_attributes: { id: 1 } })).toEqual({
    ...hint,
    number: 8,
  });
  const pipeline = { object_kind: "pipeline", project, merge_request: null };
  expect(read({ ...pipeline, object_attributes: { iid: 3, sha: "abc" } })).toEqual({ ...hint, sha: "abc" });
  expect(read({ object_kind: "build", project, sha: "abc" })).toEqual({ ...hint, sha: "abc" });
  expect(read({ object_kind: "push", project, ref: "refs/heads/a/b" })).toEqual({ ...hint, branch: "a/b" });
  expect(read({ object_kind: "tag_push", project, ref: "refs/tags/a" })).toEqual(hint);
  expect(read({ object_kind: "merge_request", project }, "wrong")).toBeNull();
  for (const odd of ["", "not json", "null", "[]", "{}", '{"project":7}']) expect(read(odd)).toBeNull();
});
