import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { describeForge } from "../testing/forge";
import { createForgejoClient } from "./forgejo-client";

const now = () => new Date();

describeForge("tokens of a real Gitea", (ground) => {
  test.for<[string, string[]]>([
    ["read:repository", ["the scope write:repository (reading and merging pull requests, checks and webhooks)"]],
    ["write:issue", ["the scope write:repository (reading and merging pull requests, checks and webhooks)"]],
    ["write:repository", []],
  ])("of a token with the scope %s it is told what it lacks", async ([scope, missing], { skip }) => {
    const { url, owner, password } = ground();
    skip(password === null, "FORGE_PASSWORD is not set: no token can be made");
    const name = `test-${randomBytes(4).toString("hex")}`;
    const tokens = `${url}/api/v1/users/${owner.login}/tokens`;
    const basic = `Basic ${Buffer.from(`${owner.login}:${password}`).toString("base64")}`;
    const headers = { authorization: basic, "content-type": "application/json" };
    const wanted = { method: "POST", headers, body: JSON.stringify({ name, scopes: [scope, "read:user"] }) };
    const { sha1: token } = (await (await fetch(tokens, wanted)).json()) as { sha1: string };
    onTestFinished(async () => void (await fetch(`${tokens}/${name}`, { method: "DELETE", headers })));
    const account = await createForgejoClient({ url, token, now }).check();
    expect(account).toEqual({ login: owner.login, name: null, missing });
  });
});

test.each([
  ["has nothing there", () => Response.json({ message: "Not Found" }, { status: 404 })],
  ["has a page for everything", () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } })],
])("of another site, which %s, it is told that it is no such forge", async (_, answer) => {
  const client = createForgejoClient({ url: "https://site.test", token: "t", now, fetch: async () => answer() });
  await expect(client.check()).rejects.toMatchObject({
    code: "refused",
    message: "https://site.test answers, but not as a Gitea or Forgejo: check the address.",
  });
});
