import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { SessionView } from "../server/protocol/api";
import { call } from "./support/call";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { holderOf } from "./support/processes";
import { Program } from "./support/program";
import { randomBytes, randomFrom } from "./support/random.mjs";
import { eventually, openSession } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

const seed = Number(process.env.TRELLIS_FAULT_SEED ?? 20_261);
const next = randomFrom(seed);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

let program: Program;
let remote: GitRepository;
test.beforeAll(async () => {
  program = await Program.create();
  remote = makeGitRepository({ "README.md": "# Ledger\n", ".gitignore": "*.log\n" });
});
test.afterAll(async () => {
  await program.destroy();
  remote.remove();
});

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", args, { cwd, encoding: "utf8", stdio: "pipe" }).trim();
const read = (id: string) => program.api<SessionView>("GET", `/api/sessions/${id}`);
const readAll = (ids: string[]) => Promise.all(ids.map(read));

/** Killed at a moment nobody chose, and started again. */
async function crash(): Promise<void> {
  await sleep(next() % 400);
  await program.kill();
  await program.start();
}

/** All of them, by themselves: no person is asked to retry anything. */
async function all(ids: string[], phase: SessionView["phase"]): Promise<SessionView[]> {
  return eventually(
    () => readAll(ids),
    (sessions) => sessions.every((each) => each.phase === phase),
  );
}

test("20 sessions at once on one repository: each has a branch, a worktree and a shell of its own", async () => {
  const { repositoryId } = await openSession(program, remote);
  const made = await Promise.all(
    Array.from({ length: 20 }, () => call(program, "POST", "/api/sessions", { body: { repositoryId } })),
  );
  expect(made.map(({ status }) => status)).toEqual(Array(20).fill(201));
  const sessions = await all(
    made.map(({ body }) => (body as SessionView).id),
    "active",
  );
  expect(new Set(sessions.map(({ branch }) => branch)).size).toBe(20);
  expect(new Set(sessions.map(({ worktreePath }) => worktreePath)).size).toBe(20);
  const { url, token } = program;
  await Promise.all(
    sessions.map(async ({ id, branch }) => {
      const client = new TerminalClient({ url, token, sessionId: id });
      client.connect();
      client.type("git branch --show-current | tr a-z A-Z\r");
      await client.until("its branch", ({ tail }) => tail.includes(branch.toUpperCase()));
      client.close();
    }),
  );
  const over = sessions.slice(0, 8).map(({ id }) => id);
  await Promise.all(over.map((id) => program.api("POST", `/api/sessions/${id}/end`, {})));
  const ended = await all(over, "ended");
  for (const { setAsidePath } of ended) expect(existsSync(path.join(setAsidePath ?? "", "README.md"))).toBe(true);
  expect(program.log.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

test(`kill -9 of the server again and again while sessions are made and ended (seed ${seed}): all complete, nothing lost`, async () => {
  // Fourteen starts of the server, each of which takes its time on a busy machine.
  test.setTimeout(600_000);
  const first = await openSession(program, remote);
  const clone = path.resolve(
    first.worktreePath ?? "",
    git(first.worktreePath ?? "", "rev-parse", "--git-common-dir"),
    "..",
  );
  const holder = holderOf(program.dataDir);
  for (let round = 0; round < 2; round++) {
    const ids: string[] = [];
    for (let at = 0; at < 4; at++)
      ids.push((await program.api<SessionView>("POST", "/api/sessions", { repositoryId: first.repositoryId })).id);
    for (let kill = 0; kill < 3; kill++) await crash();
    await all(ids, "active");
    // A server that was just started does not follow their programs yet.
    const sessions = await eventually(
      () => readAll(ids),
      (seen) => seen.every(({ terminals }) => terminals[0]?.state === "running"),
    );
    for (const { worktreePath, branch, terminals } of sessions) {
      const worktree = worktreePath ?? "";
      expect(git(worktree, "symbolic-ref", "--short", "HEAD")).toBe(branch);
      expect(git(worktree, "status", "--porcelain")).toBe("");
      expect(terminals.map(({ state }) => state)).toEqual(["running"]);
      writeFileSync(path.join(worktree, "committed.txt"), branch);
      git(worktree, "add", "-A");
      git(worktree, "commit", "-q", "-m", "Work");
      writeFileSync(path.join(worktree, "README.md"), `changed in ${branch}\n`);
      writeFileSync(path.join(worktree, "untracked.txt"), branch);
      writeFileSync(path.join(worktree, "kept.log"), branch);
    }
    const tips = new Map(sessions.map(({ id, worktreePath }) => [id, git(worktreePath ?? "", "rev-parse", "HEAD")]));
    for (const id of ids) await program.api("POST", `/api/sessions/${id}/end`, {});
    for (let kill = 0; kill < 4; kill++) await crash();
    for (const session of await all(ids, "ended")) {
      const { branch, rescueRefs, setAsidePath, worktreePath } = session;
      const ref = (end: string) => rescueRefs.find((each) => each.ref.endsWith(end))?.sha ?? "";
      expect([branch, session.failure, session.endRefusal]).toEqual([branch, null, null]);
      for (const each of rescueRefs) expect(git(clone, "rev-parse", each.ref)).toBe(each.sha);
      expect(git(clone, "merge-base", "--is-ancestor", tips.get(session.id) ?? "", ref("/worktree"))).toBe("");
      expect(git(clone, "show", `${ref("/worktree")}:README.md`)).toBe(`changed in ${branch}`);
      expect(git(clone, "show", `${ref("/worktree")}:untracked.txt`)).toBe(branch);
      expect(git(clone, "show", `${ref("/worktree")}:committed.txt`)).toBe(branch);
      expect(readFileSync(path.join(setAsidePath ?? "", "kept.log"), "utf8")).toBe(branch);
      expect(existsSync(worktreePath ?? "")).toBe(false);
      expect(git(clone, "worktree", "list")).not.toContain(session.shortId);
    }
  }
  expect(git(clone, "fsck", "--connectivity-only", "--no-dangling")).toBe("");
  expect(holderOf(program.dataDir)).toBe(holder);
  expect((await read(first.id)).phase).toBe("active");
  expect(program.log.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

test("kill -9 while a large clone is made: it is made again from the start, and the session goes on", async () => {
  const large = makeGitRepository({ "big.bin": "x".repeat(1_000) });
  for (let at = 0; at < 8; at++) {
    const lines = ["blob", "mark :1", `data ${4 * 2 ** 20}`];
    const file = path.join(program.home, "blob");
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from(`${lines.join("\n")}\n`),
        randomBytes(next, 4 * 2 ** 20),
        Buffer.from(
          `\ncommit refs/heads/main\ncommitter A <a@b.c> ${1_700_000_000 + at} +0000\ndata 1\nx\n${at === 0 ? "" : "from refs/heads/main^0\n"}M 100644 :1 big${at}.bin\n`,
        ),
      ]),
    );
    large.git("-c", "alias.load=!git fast-import --force --quiet <", "load", file);
  }
  try {
    const added = await program.api<{ id: string }>("POST", "/api/repositories", { cloneUrl: `file://${large.url}` });
    const made = await program.api<SessionView>("POST", "/api/sessions", { repositoryId: added.id });
    for (let kill = 0; kill < 3; kill++) await crash();
    const [session] = await all([made.id], "active");
    expect(git(session?.worktreePath ?? "", "status", "--porcelain")).toBe("");
    expect(git(session?.worktreePath ?? "", "ls-files").split("\n")).toHaveLength(8);
    const left = execFileSync(
      "find",
      [path.join(program.dataDir, "repositories"), "-maxdepth", "1", "-name", "*.tmp-*"],
      { encoding: "utf8" },
    );
    expect(left).toBe("");
  } finally {
    large.remove();
  }
});
