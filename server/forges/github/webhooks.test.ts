import { createHmac } from "node:crypto";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGithubClient } from "./github-client";
import { type StandInGithub, startGithub } from "./testing/stand-in-github";
import { readWebhook } from "./webhooks";

const secret = "between us";
const signed = (body: string | Uint8Array, key = secret) => ({
  headers: {
    "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}`,
  },
  body: Buffer.from(body),
});

test("every delivery that GitHub gives as an example is read, and names its repository and pull request", () => {
  let seen = 0;
  for (const { name, examples: bodies } of examples)
    for (const body of bodies) {
      const hint = readWebhook(signed(JSON.stringify(body)), secret);
      if (!("repository" in body) || !body.repository) continue;
      expect(hint?.repository, name).toBe(body.repository.full_name);
      if ("pull_request" in body) expect(hint?.number, name).toBe(body.pull_request.number);
      if (name === "status" && "sha" in body) expect(hint?.sha, name).toBe(body.sha);
      if (name === "check_run" && "check_run" in body) expect(hint?.sha, name).toBe(body.check_run.head_sha);
      if (name === "push" && "ref" in body)
        expect(hint?.branch, name).toBe(/^refs\/heads\/(.*)$/.exec(String(body.ref))?.[1] ?? null);
      seen += 1;
    }
  expect(seen).toBeGreaterThan(100);
  const ofInterest = ["pull_request", "pull_request_review", "check_run", "check_suite", "status", "push"];
  expect(examples.map(({ name }) => name)).toEqual(expect.arrayContaining(ofInterest));
});

test("a delivery that is not signed with our secret, or is no JSON, says nothing", () => {
  const body = JSON.stringify({ repository: { full_name: "ada/app" }, pull_request: { number: 7 } });
  expect(readWebhook(signed(body), secret)).toEqual({ repository: "ada/app", number: 7, sha: null, branch: null });
  expect(readWebhook(signed(body, "another"), secret)).toBeNull();
  expect(readWebhook({ headers: {}, body: Buffer.from(body) }, secret)).toBeNull();
  expect(readWebhook({ ...signed(body), body: Buffer.from(`${body} `) }, secret)).toBeNull();
  for (const odd of [
    "",
    "not json",
    "null",
    "[]",
    "\u0000",
    '{"repository":{}}',
    `{"repository":${"[".repeat(10_000)}`,
  ])
    expect(readWebhook(signed(odd), secret)).toBeNull();
  expect(readWebhook(signed(new Uint8Array(10 * 1024 * 1024)), secret)).toBeNull();
  const form = `payload=${encodeURIComponent(body)}`;
  expect(readWebhook(signed(form), secret)).toMatchObject({ repository: "ada/app", number: 7 });
});

let github: StandInGithub;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

test("a webhook is registered once, and has the secret that was given last", async () => {
  const { url, model } = github;
  const client = createGithubClient({ url, token: model.token, now: () => new Date() });
  const hook = { url: "https://trellis.test/api/webhooks/1", secret: "first" };
  await client.ensureWebhook(model.path, hook);
  await client.ensureWebhook(model.path, { ...hook, secret: "second" });
  expect(model.hooks).toMatchObject([{ url: hook.url, secret: "second" }]);
  expect(model.hooks[0]?.events).toEqual(expect.arrayContaining(["pull_request", "check_run", "status"]));
});
