import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { samplePull } from "../../fakes/sample-pull";
import { apiError, sessionView } from "../../protocol/api";
import { pullView } from "../../protocol/pulls";
import { openGateway } from "../testing/open-gateway";
import { sampleReading, sampleRepository } from "../testing/sample-rows";

let server: Awaited<ReturnType<typeof openGateway>>;
beforeEach(async () => {
  server = await openGateway();
  server.rows.repositories.set("repo-1", sampleRepository());
  server.rows.sessions.set("session-1", sampleReading());
});
afterEach(() => server.close());

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${server.origin}${path}`, { ...init, headers: { authorization: "Bearer token-1", ...init.headers } });
const post = (path: string, body: unknown) =>
  call(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

describe("pull requests of a session", () => {
  const own = { pull: samplePull(7, {}, { sessionId: "session-1" }), stack: null };
  const unseen = {
    pull: samplePull(8, {}, { facts: null, seenAt: null, url: "https://x.test/a/b/pull/8" }),
    stack: null,
  };

  test("stand in it with its word, and by themselves", async () => {
    server.rows.pulls.set("session-1", {
      ...{ own: [own, unseen], around: [], nudges: [], hints: ["https://x.test/a/b/pull/9"] },
      status: { status: "mergeable", reason: "#7 can be merged" },
    });
    const session = sessionView.strict().parse(await (await call("/api/sessions/session-1")).json());
    expect(session).toMatchObject({
      ...{ status: "mergeable", statusReason: "#7 can be merged", pullHints: ["https://x.test/a/b/pull/9"] },
      prs: [{ number: 7, state: "open", word: "mergeable", checks: { state: "passing", passed: 1 } }, { number: null }],
    });
    const { items, nextCursor } = await (await call("/api/sessions/session-1/prs")).json();
    expect(items.map((item: unknown) => pullView.strict().parse(item).id)).toEqual(["pull-7", "pull-8"]);
    expect(nextCursor).toBeNull();
  });

  test("[I1] one that no look has seen is unknown in everything", async () => {
    server.rows.pulls.set("session-1", {
      ...{ own: [unseen], around: [], nudges: [], hints: [], status: { status: null, reason: null } },
    });
    const { items } = await (await call("/api/sessions/session-1/prs")).json();
    expect(items[0]).toMatchObject({
      ...{ state: "unknown", mergeable: "unknown", word: null, title: null, seenAt: null },
      ...{ checks: { state: "unknown", requiredMissing: null }, review: { state: "unknown", unresolvedThreads: null } },
    });
  });

  test.each([
    ["/api/sessions/session-1/prs", { url: "" }],
    ["/api/sessions/session-1/prs", { title: "  " }],
    ["/api/sessions/session-1/prs", { title: "x", secret: 1 }],
    ["/api/sessions/session-1/prs/pull-7/merge", { headSha: "short" }],
    ["/api/sessions/session-1/prs/pull-7/retarget", {}],
    ["/api/sessions/session-1/prs/pull-7/request-review", { reviewers: [] }],
    ["/api/forges", { kind: "svn", url: "https://x.test", token: "t" }],
  ])("%s refuses %j as invalid", async (path, body) => {
    const answer = await post(path, body);
    expect([answer.status, apiError.parse(await answer.json()).error.code]).toEqual([400, "invalid"]);
  });
});

describe("a delivery of a forge", () => {
  const deliver = (forge: string, headers: Record<string, string>, body: BodyInit = "{}") =>
    fetch(`${server.origin}/api/webhooks/${forge}`, { method: "POST", body, headers });

  test("needs no sign-in and no Origin, only its signature; its bytes come through as they are", async () => {
    const body = Buffer.from([0, 255, 123, 10]);
    const signed = {
      "x-gitea-signature": "signed",
      "content-type": "application/octet-stream",
      "idempotency-key": "k",
    };
    expect((await deliver("forge-1", signed, body)).status).toBe(204);
    expect(Buffer.from(server.rows.deliveries[0]?.body ?? []).equals(body)).toBe(true);
  });

  test.each([
    ["unsigned", "forge-1", {}],
    ["with another signature", "forge-1", { "x-gitea-signature": "forged" }],
    ["of a forge that nobody knows", "forge-2", { "x-gitea-signature": "signed" }],
  ])("%s is refused, and not told why", async (_, forge, headers) => {
    const answer = await deliver(forge, headers as Record<string, string>);
    expect([answer.status, apiError.parse(await answer.json()).error.message]).toEqual([
      403,
      "The delivery is not signed with the secret of a forge that is known here.",
    ]);
  });

  test("of 10 MB is taken, one without end is not", async () => {
    const signed = { "x-gitea-signature": "signed" };
    expect((await deliver("forge-1", signed, Buffer.alloc(10_000_000))).status).toBe(204);
    expect((await deliver("forge-1", signed, Buffer.alloc(26 * 1024 * 1024))).status).toBe(413);
  });
});

test("a repository may name its forge, and none that is not there", async () => {
  const wanted = { cloneUrl: "ssh://git@ssh.forge.test/team/app.git", forgeId: "forge-1" };
  const refused = await post("/api/repositories", wanted);
  expect([refused.status, apiError.parse(await refused.json()).error]).toMatchObject([
    422,
    { code: "refused", message: expect.stringContaining("no forge forge-1") },
  ]);
  const createdAt = new Date("2026-05-06T07:00:00.000Z");
  const forge = { id: "forge-1", userId: "user-1", kind: "forgejo" as const, url: "https://forge.test", createdAt };
  server.rows.forges.push({ forge: { ...forge, account: null, trouble: null }, hookUrl: null });
  expect(await (await call("/api/forges")).json()).toMatchObject({ items: [{ id: "forge-1" }], nextCursor: null });
  const made = await post("/api/repositories", wanted);
  expect([made.status, (await made.json()).forgeId]).toEqual([201, "forge-1"]);
});
