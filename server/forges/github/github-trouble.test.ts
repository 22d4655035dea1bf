import { generateKeyPairSync } from "node:crypto";
import { parse, validate } from "graphql";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWord } from "../../pulls/session-status";
import { checksSummary, reviewSummary } from "../../pulls/summaries";
import { createGithubClient } from "./github-client";
import { commentsQuery, moreChecksQuery, moreCommentsQuery, moreThreadsQuery, pullsQuery } from "./queries";
import { githubSchema } from "./testing/graphql-face";
import { type StandInGithub, startGithub } from "./testing/stand-in-github";

let github: StandInGithub;
beforeEach(async () => {
  github = await startGithub();
});
afterEach(() => github.close());

const client = (token = github.model.token) =>
  createGithubClient({ url: github.url, token, now: () => new Date(), pollMs: 1 });
const whole = { cursor: null, full: true, pending: [] };
const open = (head: string, base = "main") => {
  github.model.push(head);
  return github.model.open({ title: head, body: "", draft: false, base, head });
};

test("every query holds by the schema that GitHub publishes", () => {
  const parts = [
    { open: [1, 2], over: [3], latestOver: true },
    { open: [], over: [3], latestOver: false },
    { open: [], over: [], latestOver: true },
    { open: [1], over: [], latestOver: false },
  ];
  const queries = [...parts.map(pullsQuery), moreChecksQuery, moreThreadsQuery, commentsQuery, moreCommentsQuery];
  for (const query of queries) expect(validate(githubSchema(), parse(query))).toEqual([]);
});

test("a whole look at fifty pull requests takes two requests, one at the same list one and nothing of the budget", async () => {
  const pulls = Array.from({ length: 50 }, (_, index) => open(`topic-${index}`));
  for (const { head } of pulls) github.model.setCheck(head.sha, "build", { state: "pending" });
  const looking = client();
  const first = await looking.listPulls(github.model.path, whole);
  expect(first.open).toHaveLength(50);
  expect(first.pulls.every(({ checks }) => checks.known && checks.checks.length === 1)).toBe(true);
  expect(github.taken).toEqual(["GET /api/v3/repos/ada/app/pulls", "Pulls"]);
  const second = await looking.listPulls(github.model.path, { cursor: first.cursor, full: false, pending: [] });
  github.taken.length = 0;
  const used = github.windows.core.used;
  const third = await looking.listPulls(github.model.path, { cursor: second.cursor, full: false, pending: [] });
  expect(third.pulls).toEqual([]);
  expect(github.taken).toHaveLength(1);
  expect(github.windows.core.used).toBe(used);
  github.taken.length = 0;
  for (const { head } of pulls.slice(0, 30)) github.model.setCheck(head.sha, "build", { state: "passing" });
  const pending = pulls.slice(0, 30).map(({ number, head }) => ({ number, headSha: head.sha }));
  const fourth = await looking.listPulls(github.model.path, { cursor: third.cursor, full: false, pending });
  expect(fourth.pulls.map((pull) => checksSummary(pull).state)).toEqual(Array.from({ length: 30 }, () => "passing"));
  expect(github.taken).toHaveLength(2);
});

test("a look that was not stored is not taken for done by the next: the same list is read again", async () => {
  const pull = open("topic");
  const looking = client();
  const first = await looking.listPulls(github.model.path, whole);
  github.model.push("topic");
  await looking.listPulls(github.model.path, { cursor: first.cursor, full: false, pending: [] });
  const again = await looking.listPulls(github.model.path, { cursor: first.cursor, full: false, pending: [] });
  expect(again.pulls.map(({ number }) => number)).toEqual([pull.number]);
});

test("more than a page that ended while nobody looked are all found", async () => {
  const cursor = new Date(Date.now() - 60_000).toISOString();
  for (let index = 0; index < 120; index += 1) github.model.merge(open(`topic-${index}`));
  const { pulls, open: opened } = await client().listPulls(github.model.path, { cursor, full: true, pending: [] });
  expect(opened).toEqual([]);
  expect(new Set(pulls.map(({ number }) => number)).size).toBe(120);
  expect(new Set(pulls.map(({ state }) => state))).toEqual(new Set(["merged"]));
});

test("what is required of a branch is named, also when it never ran, by its own rules and by rulesets", async () => {
  github.model.required = { checks: ["build", "deploy"], approvals: 2 };
  const { number, head } = open("topic");
  github.model.setCheck(head.sha, "build", { state: "passing", kind: "status" });
  github.model.review(number, "approve", { body: "", comments: [] });
  const facts = await client().readPull(github.model.path, number);
  expect(facts).toMatchObject({
    checks: { requiredMissing: ["deploy"] },
    review: { approvalsMissing: 1 },
    mergeability: { known: true, state: "blocked" },
  });
  expect(openWord(facts)).toBe("review_pending");
});

test("a dismissed word is no word, and one of an older head is stale", async () => {
  const { number } = open("topic");
  github.model.review(number, "request-changes", { body: "No.", comments: [] });
  github.model.push("topic");
  const stale = await client().readPull(github.model.path, number);
  expect(reviewSummary(stale).reviewers).toMatchObject([{ name: "grace", state: "changes-requested", stale: true }]);
  github.model.review(number, "dismissed", { body: "", comments: [] });
  expect(reviewSummary(await client().readPull(github.model.path, number)).state).toBe("none");
});

test("the word of somebody who may not push decides nothing", async () => {
  github.model.required = { checks: [], approvals: 1 };
  const { number } = open("topic");
  for (const word of ["approve", "request-changes"] as const) {
    github.model.review(number, word, { body: "I say.", comments: [], by: "eve" });
    const facts = await client().readPull(github.model.path, number);
    expect(facts.review).toMatchObject({ approvalsMissing: 1, reviewers: [{ name: "eve", state: "commented" }] });
    expect(openWord(facts)).toBe("review_pending");
  }
});

test("a stack of GitHub's own is seen, landed in the background with all below, and never retargeted", async () => {
  const [bottom, top] = [open("bottom"), open("top", "bottom")];
  bottom.stack = { id: 77, number: 5, size: 2, position: 1 };
  top.stack = { id: 77, number: 5, size: 2, position: 2 };
  const looking = client();
  const { pulls, cursor } = await looking.listPulls(github.model.path, whole);
  expect(pulls.map(({ nativeStack }) => nativeStack)).toEqual([
    { id: "77", position: 1, size: 2 },
    { id: "77", position: 2, size: 2 },
  ]);
  // Not in the list that moved: its stack is remembered.
  const later = new Date(new Date(cursor).getTime() + 300_000).toISOString();
  const pending = [{ number: top.number, headSha: top.head.sha }];
  const asked = await looking.listPulls(github.model.path, { cursor: later, full: false, pending });
  expect(asked.pulls).toMatchObject([{ nativeStack: { position: 2 } }]);
  await expect(looking.retarget(github.model.path, top.number, "main")).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("stack"),
  });
  await expect(looking.update(github.model.path, top.number, { headSha: top.head.sha })).rejects.toMatchObject({
    message: expect.stringContaining("stack"),
  });
  const stale = { headSha: "0".repeat(40), method: null, deleteBranch: false };
  await expect(looking.merge(github.model.path, top.number, stale)).rejects.toMatchObject({ code: "conflict" });
  const merged = await looking.merge(github.model.path, top.number, { ...stale, headSha: top.head.sha });
  expect(merged).toMatchObject({ state: "merged" });
  expect(github.model.find(bottom.number).state).toBe("merged");
});

test("a stack of which one stands in the way is not landed at all", async () => {
  const [bottom, top] = [open("bottom"), open("top", "bottom")];
  bottom.stack = { id: 77, number: 5, size: 2, position: 1 };
  top.stack = { id: 77, number: 5, size: 2, position: 2 };
  bottom.draft = true;
  const merging = client().merge(github.model.path, top.number, {
    ...{ headSha: top.head.sha, method: null, deleteBranch: false },
  });
  await expect(merging).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("draft") });
  expect(github.model.find(top.number).state).toBe("open");
});

test("a repository that moved is followed, and has its new path", async () => {
  const { number } = open("topic");
  [github.model.formerPath, github.model.path] = [github.model.path, "ada/renamed"];
  const { pulls } = await client().listPulls("ada/app", whole);
  expect(pulls).toMatchObject([{ number, repository: "ada/renamed", url: `${github.url}/ada/renamed/pull/${number}` }]);
  expect(await client().retarget("ada/app", number, "main")).toMatchObject({ repository: "ada/renamed" });
});

test("what a token lacks is named", async () => {
  const token = "of little use";
  github.tokens.set(token, { login: "ada", scopes: ["read:user"] });
  expect(await client(token).check()).toMatchObject({ login: "ada", missing: [expect.stringContaining("scope repo")] });
  const refusing = (status: number, headers: Record<string, string>, message = "Resource not accessible") => {
    github.fault = () => ({ status, headers, body: { message } });
    return client(token).requestReview(github.model.path, 1, ["grace"]);
  };
  await expect(refusing(403, { "x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "gist" })).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("lacks the scope repo"),
  });
  await expect(refusing(403, { "x-accepted-github-permissions": "pull_requests=write" })).rejects.toMatchObject({
    message: expect.stringContaining("lacks the permission pull_requests: write"),
  });
  const url = "https://github.com/orgs/acme/sso?authorization_request=A1";
  await expect(refusing(403, { "x-github-sso": `required; url=${url}` })).rejects.toMatchObject({
    message: expect.stringContaining(url),
  });
  await expect(refusing(403, {}, "Sorry. Your account was suspended.")).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("suspended"),
  });
  await expect(refusing(404, { "x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "" })).rejects.toMatchObject({
    code: "not-found",
    message: expect.stringContaining("lacks the scope repo"),
  });
  github.fault = null;
  await expect(client("wrong").check()).rejects.toMatchObject({ code: "refused" });
});

test("an hour that is used up is waited for, whichever of the two is", async () => {
  open("topic");
  for (const kind of ["core", "graphql"] as const) {
    github.windows[kind].used = 5_000;
    const limited = client();
    await expect(limited.listPulls(github.model.path, whole)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("no more requests"),
    });
    expect(limited.budget()).toMatchObject({ remaining: 0, resetsAt: expect.any(Date) });
    github.windows[kind].used = 0;
  }
  github.fault = () => ({
    status: 403,
    headers: { "retry-after": "60" },
    body: { message: "You have exceeded a secondary rate limit." },
  });
  const slowed = client();
  await expect(slowed.check()).rejects.toMatchObject({ code: "unavailable" });
  expect(slowed.budget().remaining).toBe(0);
});

test("checks that the token may not read are unknown, and all else is known", async () => {
  const { number, head } = open("topic");
  github.model.setCheck(head.sha, "build", { state: "passing" });
  const message = "Resource not accessible by personal access token";
  const spoiling: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).endsWith("/graphql")) return response;
    const answer = await response.json();
    answer.data.repository[`p${number}`].commits.nodes[0].commit.statusCheckRollup = null;
    const path = ["repository", `p${number}`, "commits", "nodes", 0, "commit", "statusCheckRollup"];
    return Response.json({ ...answer, errors: [{ type: "FORBIDDEN", path, message }] });
  };
  const { url, model } = github;
  const spoiled = createGithubClient({ url, token: model.token, now: () => new Date(), fetch: spoiling });
  expect(await spoiled.readPull(model.path, number)).toMatchObject({
    checks: { known: false, reason: expect.stringContaining(message) },
    review: { known: true },
    mergeability: { known: true, state: "clean" },
  });
});

test("a query that is too heavy is asked in smaller parts", async () => {
  for (let index = 0; index < 40; index += 1) open(`topic-${index}`);
  github.fault = ({ path, body }) => {
    const asked = path === "/api/graphql" ? (JSON.stringify(body).match(/pullRequest\(number/g) ?? []).length : 0;
    return asked > 10 ? { status: 502, body: { message: "Something went wrong" } } : null;
  };
  const { pulls } = await client().listPulls(github.model.path, whole);
  expect(pulls).toHaveLength(40);
  github.fault = ({ path }) => (path === "/api/graphql" ? { status: 504, text: "<html>" } : null);
  await expect(client().listPulls(github.model.path, whole)).rejects.toMatchObject({ code: "unavailable" });
});

test("of a failing job the end of its log is read, of another app what it wrote, of a status nothing", async () => {
  const { number, head } = open("topic");
  const log = `2026-11-21T10:00:00.1234567Z ${"x".repeat(50_000)}\n2026-11-21T10:00:01.1234567Z Error: it broke\n`;
  github.model.setCheck(head.sha, "build", { state: "failing", log });
  github.model.setCheck(head.sha, "outside", { state: "failing", kind: "status" });
  const { checks } = await client().readPull(github.model.path, number);
  const failing = checks.known ? checks.checks : [];
  const limits = { jobs: 3, bytes: 1_000 };
  const logs = await client().failingLogs(github.model.path, failing, limits);
  expect(logs).toMatchObject([{ check: "build", url: expect.stringContaining("/job/") }]);
  expect(logs[0]?.text).toMatch(/x\nError: it broke\n$/);
  expect(logs[0]?.text.length).toBeLessThanOrEqual(1_000);
  github.model.setCheck(head.sha, "build", { state: "failing", log: "It wrote this." });
  const foreign = failing.map((check) => ({ ...check, url: "https://ci.test/1" }));
  expect(await client().failingLogs(github.model.path, foreign, limits)).toMatchObject([
    { check: "build", text: "Found\n\nIt wrote this." },
  ]);
});

test("a GitHub App is taken by its credentials, and what its installation lacks is named", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const app = client(JSON.stringify({ appId: 7, installationId: 8, privateKey }));
  const { login, missing } = await app.check();
  expect(login).toBe("trellis");
  expect(missing.map((right) => right.split(" ")[0])).toEqual(["statuses:", "actions:", "repository_hooks:"]);
  const { number } = open("topic");
  expect(await app.readPull(github.model.path, number)).toMatchObject({ number });
  const broken = client(JSON.stringify({ appId: 7, installationId: 8, privateKey: "none" }));
  await expect(broken.check()).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("App") });
  expect(() => client("{")).toThrow(/appId/);
});
