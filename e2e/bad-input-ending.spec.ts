import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { LossView, NotificationView, RepositoryView, SessionView } from "../server/protocol/api";
import { call } from "./support/call";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { Program } from "./support/program";
import { eventually, openSession, waitForPhase } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

let program: Program;
let remote: GitRepository;
let inner: GitRepository;

test.beforeAll(async () => {
  program = await Program.create();
  inner = makeGitRepository({ "inner.txt": "inner\n" });
  remote = makeGitRepository({ "README.md": "# Ledger\n", "a.txt": "one\n", ".gitignore": "*.iso\nbuild/\n" });
});
test.afterAll(async () => {
  expect(program.log.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  await program.destroy();
  remote.remove();
  inner.remove();
});

const identity = {
  GIT_AUTHOR_NAME: "Ana",
  GIT_AUTHOR_EMAIL: "a@b.c",
  GIT_COMMITTER_NAME: "Ana",
  GIT_COMMITTER_EMAIL: "a@b.c",
};
const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: "/dev/null", GIT_EDITOR: "true" };

/** Git as the person types it; `tried` gives what it printed also when it failed. */
const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: "pipe" }).trim();
function tried(cwd: string, ...args: string[]): void {
  expect(() => git(cwd, ...args)).toThrow();
}
const write = (folder: string, file: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
};

const cloneOf = (worktree: string) => path.resolve(worktree, git(worktree, "rev-parse", "--git-common-dir"), "..");
const look = (id: string) => program.api<LossView>("GET", `/api/sessions/${id}/loss`);
const read = (id: string) => program.api<SessionView>("GET", `/api/sessions/${id}`);

/** A shell that begins runs programs of its own for a moment: what a look sees then is other than what ends. */
async function untilPrompt({ id: sessionId }: SessionView): Promise<void> {
  const client = new TerminalClient({ url: program.url, token: program.token, sessionId });
  client.connect();
  await client.until("the prompt", ({ tail }) => /[$#] $/.test(tail));
  client.drop();
}

/** Ended by a rescue, with no refusal on the way. */
async function endedByRescue(id: string): Promise<SessionView> {
  await program.api("POST", `/api/sessions/${id}/end`, {});
  const ended = await eventually(
    () => read(id),
    ({ phase, endRefusal }) => ["ended", "failed"].includes(phase) || endRefusal !== null,
  );
  expect([ended.phase, ended.endRefusal, ended.failure]).toEqual(["ended", null, null]);
  return ended;
}

const refEnding = (session: SessionView, end: string) => session.rescueRefs.find(({ ref }) => ref.endsWith(end))?.sha;

test("everything at once (stash, rebase, detached HEAD, nested repository, submodule, ignored 2 GB): seen, and kept", async () => {
  const session = await openSession(program, remote);
  const worktree = session.worktreePath ?? "";
  const clone = cloneOf(worktree);

  write(worktree, "a.txt", "stashed\n");
  git(worktree, "stash", "push", "-m", "put by");
  const stash = git(worktree, "rev-parse", "refs/stash");
  git(worktree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.url, "sub");
  git(worktree, "commit", "-q", "-m", "With a submodule");
  write(worktree, "sub/inner.txt", "changed inside the submodule\n");
  write(worktree, "a.txt", "mine\n");
  git(worktree, "commit", "-q", "-am", "Mine");
  const mine = git(worktree, "rev-parse", "HEAD");
  git(worktree, "checkout", "-q", "-b", `${session.branch}-other`, "HEAD~2");
  write(worktree, "a.txt", "theirs\n");
  git(worktree, "commit", "-q", "-am", "Theirs");
  const theirs = git(worktree, "rev-parse", "HEAD");
  git(worktree, "checkout", "-q", "--detach", mine);
  tried(worktree, "rebase", theirs);
  const halfway = git(worktree, "rev-parse", "HEAD");
  write(worktree, "new ünï.txt", "untracked\n");
  write(worktree, "build/out.o", "ignored\n");
  writeFileSync(path.join(worktree, "disk.iso"), "");
  truncateSync(path.join(worktree, "disk.iso"), 2 * 1024 ** 3);
  mkdirSync(path.join(worktree, "nested"));
  git(path.join(worktree, "nested"), "init", "-q");
  write(worktree, "nested/n.txt", "nested\n");
  git(path.join(worktree, "nested"), "add", "-A");
  git(path.join(worktree, "nested"), "commit", "-q", "-m", "Nested");
  const nested = git(path.join(worktree, "nested"), "rev-parse", "HEAD");

  const began = Date.now();
  const loss = await look(session.id);
  expect(Date.now() - began).toBeLessThan(20_000);
  expect(loss.operation).toEqual({ state: "known", value: "rebase" });
  expect(loss.stashes).toMatchObject({
    state: "known",
    value: [{ sha: stash, message: expect.stringContaining("put by") }],
  });
  expect(loss.submodules).toMatchObject({ state: "known", value: [{ path: "sub" }] });
  expect(loss.nestedRepositories).toMatchObject({
    state: "known",
    value: [{ path: expect.stringMatching(/^nested\/?$/) }],
  });
  expect(loss.untracked).toMatchObject({ state: "known", value: { count: expect.any(Number) } });
  const ignored = loss.ignored.state === "known" ? loss.ignored.value : null;
  expect(ignored?.names[0]).toMatchObject({ path: "disk.iso" });
  expect(ignored?.count).toBe(2);
  const branches = loss.branches.state === "known" ? loss.branches.value : [];
  expect(branches.map(({ head }) => head)).toEqual(expect.arrayContaining([mine, theirs]));

  // Discarding without having looked, and after more came, is refused.
  expect(await call(program, "POST", `/api/sessions/${session.id}/end`, { body: { keep: "nothing" } })).toMatchObject({
    status: 400,
    code: "invalid",
  });
  write(worktree, "later.txt", "later\n");
  expect(
    await call(program, "POST", `/api/sessions/${session.id}/end`, { body: { keep: "nothing", token: loss.token } }),
  ).toMatchObject({ status: 409, code: "loss-changed" });
  expect((await read(session.id)).phase).toBe("active");

  const ended = await endedByRescue(session.id);
  expect(existsSync(worktree)).toBe(false);
  const saved = refEnding(ended, "/worktree") ?? "";
  expect(git(clone, "show", `${saved}:new ünï.txt`)).toBe("untracked");
  expect(git(clone, "show", `${saved}:later.txt`)).toBe("later");
  expect(git(clone, "cat-file", "-t", refEnding(ended, "/head") ?? "")).toBe("commit");
  const keeps = (sha: string) =>
    git(clone, "for-each-ref", "--contains", sha, `refs/trellis/rescue/${session.shortId}/`);
  for (const sha of [mine, theirs, halfway]) expect(keeps(sha)).not.toBe("");
  // The stash is the person's own, and stays where they put it.
  expect(git(clone, "rev-parse", "refs/stash")).toBe(stash);
  const aside = ended.setAsidePath ?? "";
  expect(statSync(path.join(aside, "disk.iso")).size).toBe(2 * 1024 ** 3);
  expect(statSync(path.join(aside, "disk.iso")).blocks).toBeLessThan(1_000);
  expect(readFileSync(path.join(aside, "build/out.o"), "utf8")).toBe("ignored\n");
  expect(readFileSync(path.join(aside, "sub/inner.txt"), "utf8")).toBe("changed inside the submodule\n");
  expect(git(path.join(aside, "nested"), "rev-parse", "HEAD")).toBe(nested);
  expect(git(clone, "worktree", "list")).not.toContain(session.shortId);
  expect(git(clone, "fsck", "--connectivity-only", "--no-dangling")).toBe("");
  expect(await call(program, "POST", `/api/sessions/${session.id}/end`, { body: {} })).toMatchObject({ status: 200 });
});

test("a worktree directory removed behind our back: commits are kept, and ending asks for nothing that is gone", async () => {
  const session = await openSession(program, remote);
  const worktree = session.worktreePath ?? "";
  const clone = cloneOf(worktree);
  write(worktree, "b.txt", "committed\n");
  git(worktree, "add", "-A");
  git(worktree, "commit", "-q", "-m", "Mine");
  const mine = git(worktree, "rev-parse", "HEAD");
  rmSync(worktree, { recursive: true });
  const ended = await endedByRescue(session.id);
  expect(git(clone, "for-each-ref", "--contains", mine, `refs/trellis/rescue/${session.shortId}/`)).not.toBe("");
  // Git's own record of it, with the reflog, is all that is left to be set aside.
  expect(readdirSync(ended.setAsidePath ?? "")).toEqual([".git"]);
});

test("a worktree directory that was moved away is told of, and goes on by a retry or when it is back", async () => {
  const session = await openSession(program, remote);
  const worktree = session.worktreePath ?? "";
  write(worktree, "c.txt", "committed\n");
  git(worktree, "add", "-A");
  git(worktree, "commit", "-q", "-m", "Mine");
  const mine = git(worktree, "rev-parse", "HEAD");
  renameSync(worktree, `${worktree}.away`);
  // The server looks by itself now and then, and at its start.
  await program.stop();
  await program.start();
  const failed = await waitForPhase(program, session.id, "failed");
  expect(failed.phaseDetail).toContain(`The directory ${worktree} is gone. Retry puts it back as git last had it`);
  await program.api("POST", `/api/sessions/${session.id}/retry`, {});
  await waitForPhase(program, session.id, "active");
  expect(git(worktree, "rev-parse", "HEAD")).toBe(mine);
  expect(git(worktree, "status", "--porcelain")).toBe("");
  rmSync(`${worktree}.away`, { recursive: true });
  await endedByRescue(session.id);
});

test("a branch checked out elsewhere: the session ends, its commits are kept, and the other checkout is left alone", async () => {
  const session = await openSession(program, remote);
  const worktree = session.worktreePath ?? "";
  const clone = cloneOf(worktree);
  write(worktree, "d.txt", "committed\n");
  git(worktree, "add", "-A");
  git(worktree, "commit", "-q", "-m", "Mine");
  const mine = git(worktree, "rev-parse", "HEAD");
  const elsewhere = path.join(program.home, "elsewhere");
  git(worktree, "switch", "-q", "-c", `${session.branch}-topic`);
  git(clone, "worktree", "add", "-q", elsewhere, session.branch);
  write(elsewhere, "untouched.txt", "here\n");
  await program.api("POST", `/api/sessions/${session.id}/end`, {});
  const now = await eventually(
    () => read(session.id),
    ({ phase, endRefusal }) => ["ended", "failed"].includes(phase) || endRefusal !== null,
  );
  expect([now.phase, now.endRefusal, now.failure]).toEqual(["ended", null, null]);
  expect(git(clone, "for-each-ref", "--contains", mine, `refs/trellis/rescue/${session.shortId}/`)).not.toBe("");
  expect(readFileSync(path.join(elsewhere, "untouched.txt"), "utf8")).toBe("here\n");
  expect(git(elsewhere, "rev-parse", "HEAD")).toBe(mine);
  expect(git(elsewhere, "symbolic-ref", "--short", "HEAD")).toBe(session.branch);
  expect(git(elsewhere, "status", "--porcelain")).toBe("?? untouched.txt");
  const { items } = await program.api<{ items: NotificationView[] }>("GET", "/api/notifications");
  expect(items.find(({ sessionId }) => sessionId === session.id)?.body).toContain(
    `for another worktree has them checked out: ${session.branch}`,
  );
});

test("a push that is refused leaves the session active with the reason, and everything where it was", async () => {
  const session = await openSession(program, remote);
  const worktree = session.worktreePath ?? "";
  write(remote.url, "hooks/pre-receive", "#!/bin/sh\necho the branch is closed today >&2\nexit 1\n");
  execFileSync("chmod", ["+x", path.join(remote.url, "hooks/pre-receive")]);
  try {
    write(worktree, "e.txt", "work\n");
    await untilPrompt(session);
    const { token } = await look(session.id);
    await program.api("POST", `/api/sessions/${session.id}/end`, { keep: "commit-and-push", token });
    const refused = await eventually(
      () => read(session.id),
      ({ endRefusal }) => endRefusal !== null,
    );
    expect(refused.endRefusal?.reason).toContain("the branch is closed today");
    expect(refused.phase).toBe("active");
    expect(readFileSync(path.join(worktree, "e.txt"), "utf8")).toBe("work\n");
  } finally {
    rmSync(path.join(remote.url, "hooks/pre-receive"));
  }
  const { token } = await look(session.id);
  await program.api("POST", `/api/sessions/${session.id}/end`, { keep: "commit-and-push", token });
  const ended = await waitForPhase(program, session.id, "ended");
  expect(ended.pushedBranches).toEqual([session.branch]);
  expect(remote.git("show", `${session.branch}:e.txt`)).toBe("work");
});

test("a repository with an active session is not deleted; one with rescues only once they were read", async () => {
  const { items } = await program.api<{ items: RepositoryView[] }>("GET", "/api/repositories");
  const repository = items.find(({ cloneUrl }) => cloneUrl === remote.url);
  const session = await openSession(program, remote);
  const where = `/api/repositories/${repository?.id}`;
  expect(await call(program, "DELETE", where)).toMatchObject({ status: 409, code: "conflict" });
  write(session.worktreePath ?? "", "f.txt", "work\n");
  await endedByRescue(session.id);
  const refused = await call(program, "DELETE", where);
  expect(refused).toMatchObject({ status: 409, code: "conflict" });
  const { rescues } = (refused.body as { error: { details: { rescues: { sessionId: string }[] } } }).error.details;
  expect(rescues.map(({ sessionId }) => sessionId)).toContain(session.id);
});
