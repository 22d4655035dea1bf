import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ForgeClient, WebhookDelivery } from "../../pulls/forge-client";
import { openWord } from "../../pulls/session-status";
import { checksSummary, reviewSummary } from "../../pulls/summaries";
import { describeForge } from "../testing/forge";
import { createForgejoClient } from "./forgejo-client";

const now = () => new Date();

describeForge("pull requests of a real Gitea", (ground) => {
  let client: ForgeClient;
  beforeAll(() => {
    client = createForgejoClient({ url: ground().url, token: ground().owner.token, now });
  });
  const open = async (branch: string, base = "main", from = `origin/${base}`) => {
    await ground().push(branch, from);
    return client.openPull(ground().path, { title: `About ${branch}`, body: "Why.", base, head: branch, draft: false });
  };
  /** It merges nothing before it tested that, in its own time. */
  const tested = (number: number) =>
    vi.waitFor(async () =>
      expect(await client.readPull(ground().path, number)).toMatchObject({
        mergeability: { known: true, state: "clean" },
      }),
    );
  const setStatus = (sha: string, context: string, state: string) =>
    ground().api(ground().owner, "POST", `/repos/${ground().path}/statuses/${sha}`, { context, state });
  const review = (number: number, event: string, more: object = {}) =>
    ground().api(ground().reviewer, "POST", `/repos/${ground().path}/pulls/${number}/reviews`, {
      event,
      body: "Word.",
      ...more,
    });

  test("a token is checked, and a bad one is refused in words", async () => {
    expect(await client.check()).toEqual({ login: ground().owner.login, name: null, missing: [] });
    const stranger = createForgejoClient({ url: ground().url, token: "0".repeat(40), now });
    await expect(stranger.check()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("token"),
    });
    expect(await client.repository(ground().path)).toMatchObject({ path: ground().path, defaultBranch: "main" });
    await expect(client.repository(`${ground().owner.login}/none`)).rejects.toMatchObject({ code: "not-found" });
  });

  test("what was just opened is seen whole: nobody's word, no check, clean", async () => {
    const facts = await open("topic");
    expect(facts).toMatchObject({
      ...{ provider: "forgejo", repository: ground().path, state: "open", draft: false, author: ground().owner.login },
      head: { repository: ground().path, branch: "topic", sha: await ground().git("rev-parse", "topic") },
      base: { branch: "main" },
    });
    await tested(facts.number);
    expect(checksSummary(facts).state).toBe("none");
    expect(reviewSummary(facts).state).toBe("none");
    expect(client.parsePullUrl(facts.url)).toEqual({ path: ground().path, number: facts.number });
    expect(client.parsePullUrl(`${facts.url}/files`)).toEqual({ path: ground().path, number: facts.number });
    expect(client.parsePullUrl("https://elsewhere.test/a/b/pulls/1")).toBeNull();
  });

  test("checks pass and fail, and a warning does neither", async () => {
    const { number, head } = await open("checked");
    await setStatus(head.sha, "build", "success");
    await setStatus(head.sha, "spelling", "warning");
    await setStatus(head.sha, "lint", "pending");
    const pending = await client.readPull(ground().path, number);
    expect(checksSummary(pending)).toMatchObject({ state: "pending", passed: 1, pending: 1, failing: [] });
    await setStatus(head.sha, "lint", "failure");
    const failing = await client.readPull(ground().path, number);
    expect(checksSummary(failing)).toMatchObject({ state: "failing", failing: [{ name: "lint" }] });
    await setStatus(head.sha, "lint", "success");
    await vi.waitFor(async () => expect(openWord(await client.readPull(ground().path, number))).toBe("mergeable"));
  });

  test("the latest word of each reviewer counts, and one asked again is waited for", async () => {
    const { number } = await open("reviewed");
    const { reviewer, path } = ground();
    const asked = await client.requestReview(path, number, [reviewer.login]);
    expect(reviewSummary(asked)).toMatchObject({
      state: "pending",
      reviewers: [{ name: reviewer.login, state: "pending" }],
    });
    await review(number, "REQUEST_CHANGES", { comments: [{ path: "reviewed.txt", new_position: 1, body: "Not so." }] });
    const refused = await client.readPull(path, number);
    expect(reviewSummary(refused)).toMatchObject({ state: "changes-requested", unresolvedThreads: 1 });
    const comments = await client.comments(path, number);
    expect(comments).toMatchObject([
      { author: reviewer.login, authorMayWrite: true, path: null, body: "Word." },
      { author: reviewer.login, path: "reviewed.txt", line: 1, body: "Not so.", resolved: false },
    ]);
    await review(number, "APPROVED");
    const approved = await client.readPull(path, number);
    expect(reviewSummary(approved)).toMatchObject({ state: "approved", reviewers: [{ state: "approved" }] });
    expect(openWord(approved)).toBe("review_pending");
  });

  test("a conflict is seen, a draft is one", async () => {
    await ground().push("main", "origin/main", { file: "same.txt", text: "ours" });
    await ground().push("conflicting", "origin/main~1", { file: "same.txt", text: "theirs" });
    const wanted = { title: "Conflicting", body: "", base: "main", head: "conflicting", draft: true };
    const draft = await client.openPull(ground().path, wanted);
    expect(draft).toMatchObject({ draft: true, mergeability: { known: false } });
    await ground().api(ground().owner, "PATCH", `/repos/${ground().path}/pulls/${draft.number}`, { title: "Ready" });
    await vi.waitFor(async () => {
      const ready = await client.readPull(ground().path, draft.number);
      expect(ready).toMatchObject({ draft: false, mergeability: { known: true, state: "conflict" } });
    });
  });

  test("what a branch demands and is not there yet is named", async () => {
    const { path, owner } = ground();
    await ground().push("guarded", "origin/main");
    const rules = {
      rule_name: "guarded",
      enable_status_check: true,
      status_check_contexts: ["ci/*"],
      required_approvals: 1,
    };
    await ground().api(owner, "POST", `/repos/${path}/branch_protections`, rules);
    const { number, head } = await open("demanding", "guarded");
    const before = await client.listPulls(path, { cursor: null, full: true, pending: [] });
    const seen = before.pulls.find((pull) => pull.number === number);
    expect(seen?.checks).toMatchObject({ known: true, requiredMissing: ["ci/*"] });
    expect(seen?.review).toMatchObject({ known: true, approvalsMissing: 1 });
    await setStatus(head.sha, "ci/build", "success");
    await review(number, "APPROVED");
    const after = await client.readPull(path, number);
    expect(after.checks).toMatchObject({ requiredMissing: [] });
    expect(after.review).toMatchObject({ approvalsMissing: 0 });
  });

  test("a look gives all open ones first, then only what moved or is asked for", async () => {
    const { path } = ground();
    const still = await open("still");
    const first = await client.listPulls(path, { cursor: null, full: true, pending: [] });
    expect(first.open).toContain(still.number);
    const later = new Date(Date.now() + 120_000).toISOString();
    const requests = client.budget().requests;
    const quiet = await client.listPulls(path, { cursor: later, full: false, pending: [] });
    expect(quiet).toMatchObject({ pulls: [], open: null });
    expect(client.budget().requests - requests).toBeLessThanOrEqual(2);
    const pending = [{ number: still.number, headSha: still.head.sha }];
    const asked = await client.listPulls(path, { cursor: later, full: false, pending });
    expect(asked.pulls.map(({ number }) => number)).toEqual([still.number]);
    await tested(still.number);
    const merged = await client.merge(path, still.number, {
      headSha: still.head.sha,
      method: "squash",
      deleteBranch: true,
    });
    expect(merged).toMatchObject({ state: "merged", mergedAt: expect.any(Date), mergeSha: expect.any(String) });
    const next = await client.listPulls(path, { cursor: first.cursor, full: false, pending: [] });
    expect(next.pulls.find(({ number }) => number === still.number)).toMatchObject({ state: "merged" });
  });

  test("a head that moved is not merged", async () => {
    const { number, head } = await open("moving");
    await ground().push("moving", "moving", { file: "more.txt" });
    await tested(number);
    await expect(
      client.merge(ground().path, number, { headSha: head.sha, method: "merge", deleteBranch: false }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("a child is retargeted, and brought up to date", async () => {
    const { path } = ground();
    await open("bottom");
    const child = await open("top", "bottom");
    expect(child.base.branch).toBe("bottom");
    expect(await client.retarget(path, child.number, "main")).toMatchObject({ base: { branch: "main" } });
    await ground().git("fetch", "--quiet");
    await ground().push("main", "origin/main", { file: "ahead.txt" });
    const updated = await client.update(path, child.number, { headSha: child.head.sha });
    expect(updated.head.sha).not.toBe(child.head.sha);
  });

  test("a webhook is registered once, and what it delivers is believed only when it is signed", async () => {
    const deliveries: WebhookDelivery[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        deliveries.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterAll(() => server.close());
    const { path, owner } = ground();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    for (const secret of ["first", "second"]) await client.ensureWebhook(path, { url, secret });
    expect(await ground().api<unknown[]>(owner, "GET", `/repos/${path}/hooks`)).toHaveLength(1);
    const { number, head } = await open("delivered");
    await vi.waitFor(() => {
      const hints = deliveries.map((delivery) => client.readWebhook(delivery, "second"));
      expect(hints).toContainEqual({ repository: path, number, sha: null, branch: null });
      expect(hints).toContainEqual({ repository: path, number: null, sha: null, branch: "delivered" });
    });
    const status = { context: "build", state: "success" };
    await ground().api(owner, "POST", `/repos/${path}/statuses/${head.sha}`, status);
    await vi.waitFor(() => {
      const hints = deliveries.map((delivery) => client.readWebhook(delivery, "second"));
      expect(hints).toContainEqual({ repository: path, number: null, sha: head.sha, branch: null });
    });
    const [delivery] = deliveries;
    if (!delivery) throw new Error("nothing was delivered");
    expect(client.readWebhook(delivery, "first")).toBeNull();
    expect(client.readWebhook({ headers: {}, body: delivery.body }, "second")).toBeNull();
    expect(client.readWebhook({ ...delivery, body: Buffer.from("not json") }, "second")).toBeNull();
  });
});

test("[I1] a forge that is away is no fact about anything", async () => {
  const client = createForgejoClient({ url: "http://127.0.0.1:9", token: "t", now });
  await expect(client.listPulls("a/b", { cursor: null, full: true, pending: [] })).rejects.toMatchObject({
    code: "unavailable",
  });
});

test("[I1] reviews without an end are not read for ever, and a part of them is not taken for all", async () => {
  const review = {
    ...{ id: 1, user: null, team: null, state: "COMMENT", body: "", official: false, stale: false, dismissed: false },
    ...{ comments_count: 0, html_url: "http://forge.test/1", submitted_at: "2026-01-01T00:00:00Z" },
  };
  let asked = 0;
  const endless: typeof fetch = async () => {
    asked += 1;
    return Response.json(Array(50).fill(review));
  };
  const client = createForgejoClient({ url: "http://forge.test", token: "t", now, fetch: endless });
  await expect(client.comments("a/b", 1)).rejects.toMatchObject({
    code: "refused",
    message: "It has more than the 1000 reviews that are read.",
  });
  expect(asked).toBe(20);
});
