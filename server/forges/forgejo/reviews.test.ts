import { randomBytes } from "node:crypto";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { ForgeClient } from "../../pulls/forge-client";
import { openWord } from "../../pulls/session-status";
import { reviewSummary } from "../../pulls/summaries";
import { describeForge } from "../testing/forge";
import { createForgejoClient } from "./forgejo-client";

const now = () => new Date();

describeForge("reviews of a real Gitea", (ground) => {
  let client: ForgeClient;
  beforeAll(() => {
    client = createForgejoClient({ url: ground().url, token: ground().owner.token, now });
  });
  const open = async (branch: string, base = "main") => {
    await ground().push(branch, `origin/${base}`);
    return client.openPull(ground().path, { title: `About ${branch}`, body: "", base, head: branch, draft: false });
  };
  const review = (number: number, event: string, comments: object[] = []) => {
    const at = `/repos/${ground().path}/pulls/${number}/reviews`;
    return ground().api<{ id: number }>(ground().reviewer, "POST", at, { event, body: "Word.", comments });
  };
  const guard = async (branch: string, rule: object) => {
    await ground().push(branch, "origin/main");
    const wanted = { rule_name: branch, required_approvals: 1, ...rule };
    await ground().api(ground().owner, "POST", `/repos/${ground().path}/branch_protections`, wanted);
  };
  const allow = (permission: "read" | "write") => {
    const at = `/repos/${ground().path}/collaborators/${ground().reviewer.login}`;
    return ground().api(ground().owner, "PUT", at, { permission });
  };

  test("the word of somebody whose approval the base does not count decides nothing there, and elsewhere it does", async () => {
    const { path, reviewer } = ground();
    await guard("official", {});
    const [guarded, free] = [await open("to-guarded", "official"), await open("to-main")];
    await allow("read");
    for (const { number } of [guarded, free]) await review(number, "APPROVED");
    const seen = await client.readPull(path, guarded.number);
    expect(seen.review).toMatchObject({
      approvalsMissing: 1,
      reviewers: [{ name: reviewer.login, state: "commented" }],
    });
    expect(openWord(seen)).toBe("review_pending");
    expect(reviewSummary(await client.readPull(path, free.number)).state).toBe("approved");
    await review(guarded.number, "REQUEST_CHANGES");
    expect(reviewSummary(await client.readPull(path, guarded.number)).state).toBe("pending");
    await allow("write");
    await review(guarded.number, "APPROVED");
    const approved = await client.readPull(path, guarded.number);
    expect(approved.review).toMatchObject({ approvalsMissing: 0, reviewers: [{ state: "approved" }] });
  });

  test("an approval of an older head counts as the base's rule has it, and is not known where that is hidden", async () => {
    const { path, owner, url, reviewer } = ground();
    await guard("fresh", { ignore_stale_approvals: true });
    const { number } = await open("to-fresh", "fresh");
    await review(number, "APPROVED");
    expect((await client.readPull(path, number)).review).toMatchObject({ approvalsMissing: 0 });
    await ground().push("to-fresh", "to-fresh", { file: "more.txt" });
    await vi.waitFor(async () => {
      const { review: seen } = await client.readPull(path, number);
      expect(seen).toMatchObject({ approvalsMissing: 1, reviewers: [{ state: "approved", stale: true }] });
    });
    const other = createForgejoClient({ url, token: reviewer.token, now });
    expect((await other.readPull(path, number)).review).toMatchObject({ approvalsMissing: null });
    const rule = `/repos/${path}/branch_protections/fresh`;
    await ground().api(owner, "PATCH", rule, { ignore_stale_approvals: false });
    // Rules are read once in each look.
    const again = createForgejoClient({ url, token: owner.token, now });
    expect((await again.readPull(path, number)).review).toMatchObject({ approvalsMissing: 0 });
    await ground().api(owner, "PATCH", rule, { dismiss_stale_approvals: true });
    await ground().push("to-fresh", "to-fresh", { file: "again.txt" });
    await vi.waitFor(async () => {
      const { review: seen } = await client.readPull(path, number);
      expect(seen).toMatchObject({ approvalsMissing: 1, reviewers: [] });
    });
  });

  test("a team that was asked is waited for by its name", async () => {
    const { api, owner, reviewer } = ground();
    const org = `org-${randomBytes(4).toString("hex")}`;
    const path = `${org}/app`;
    await api(owner, "POST", "/orgs", { username: org });
    onTestFinished(async () => {
      await api(owner, "DELETE", `/repos/${path}`);
      await api(owner, "DELETE", `/orgs/${org}`);
    });
    await api(owner, "POST", `/orgs/${org}/repos`, { name: "app", auto_init: true, default_branch: "main" });
    const team = {
      name: "keepers",
      permission: "write",
      includes_all_repositories: true,
      units: ["repo.code", "repo.pulls"],
    };
    const { id } = await api<{ id: number }>(owner, "POST", `/orgs/${org}/teams`, team);
    await api(owner, "PUT", `/teams/${id}/members/${reviewer.login}`);
    const change = { content: Buffer.from("x").toString("base64"), message: "x", branch: "main", new_branch: "topic" };
    await api(owner, "POST", `/repos/${path}/contents/x.txt`, change);
    const opened = { title: "Topic", body: "", base: "main", head: "topic", draft: false };
    const { number } = await client.openPull(path, opened);
    const at = `/repos/${path}/pulls/${number}`;
    await api(owner, "POST", `${at}/requested_reviewers`, { team_reviewers: [team.name] });
    const asked = await client.readPull(path, number);
    expect(asked.review).toMatchObject({ reviewers: [{ name: "keepers", state: "pending", stale: false }] });
    await api(reviewer, "POST", `${at}/reviews`, { event: "APPROVED", body: "Word." });
    const answered = await client.readPull(path, number);
    expect(answered.review).toMatchObject({ reviewers: [{ name: reviewer.login, state: "approved" }] });
  });

  test("an answer in a thread is its author's, and all of a resolved thread is resolved", async ({ skip }) => {
    const { path, owner, reviewer, api, password } = ground();
    skip(password === null, "FORGE_PASSWORD is not set: nobody can sign in");
    const { number } = await open("answered");
    const on = (body: string) => ({ path: "answered.txt", new_position: 1, body });
    const { id } = await review(number, "COMMENT", [on("Why?")]);
    await answer(number, id, { file: "answered.txt", body: "Because." });
    await allow("read");
    const before = await client.comments(path, number);
    const thread = { threadId: before[0]?.threadId, path: "answered.txt", line: 1, resolved: false };
    expect(before).toMatchObject([
      { ...thread, body: "Why?", author: reviewer.login, authorMayWrite: false },
      { ...thread, body: "Because.", author: owner.login, authorMayWrite: true },
    ]);
    const first = before[0]?.id.replace("comment-", "");
    await api(owner, "POST", `/repos/${path}/pulls/comments/${first}/resolve`);
    await allow("write");
    // On the same line, said later: nobody resolved that.
    await review(number, "COMMENT", [on("Still?")]);
    const after = await client.comments(path, number);
    expect(after.map(({ body, resolved }) => [body, resolved])).toEqual([
      ["Why?", true],
      ["Because.", true],
      ["Still?", false],
    ]);
    expect((await client.readPull(path, number)).review).toMatchObject({ unresolvedThreads: 1 });
  });

  /** By the owner: Gitea has this on its pages alone. */
  async function answer(number: number, to: number, { file, body }: { file: string; body: string }): Promise<void> {
    const { url, path, owner, password } = ground();
    const send = async (where: string, form: Record<string, string>, cookie = "") => {
      const wanted = {
        method: "POST",
        headers: { cookie },
        body: new URLSearchParams(form),
        redirect: "manual",
      } as const;
      const response = await fetch(`${url}${where}`, wanted);
      if (response.status >= 400) throw new Error(`${where}: ${response.status}`);
      // A session begins with one name and goes on with another: the last that is set holds.
      return new Map(response.headers.getSetCookie().map((each) => each.split(/[=;]/, 2) as [string, string]));
    };
    const cookies = await send("/user/login", { user_name: owner.login, password: password ?? "" });
    const { head } = await client.readPull(path, number);
    const place = { origin: "timeline", side: "proposed", line: "1", path: file, latest_commit_id: head.sha };
    const said = { ...place, reply: String(to), content: body, single_review: "true" };
    await send(
      `/${path}/pulls/${number}/files/reviews/comments`,
      said,
      [...cookies].map((each) => each.join("=")).join("; "),
    );
  }
});
