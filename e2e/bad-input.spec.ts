import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { LossView, RepositoryView, SessionView } from "../server/protocol/api";
import { call } from "./support/call";
import { type GitHttpServer, serveGitOverHttp } from "./support/git-http-server";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { Program } from "./support/program";
import { eventually, openSession, waitForPhase } from "./support/session";

let program: Program;
let remote: GitRepository;
let forge: GitHttpServer;
const remotes: GitRepository[] = [];

test.beforeAll(async () => {
  program = await Program.create();
  remote = makeGitRepository();
  forge = await serveGitOverHttp(remote, "right");
});

test.afterAll(async () => {
  await program.destroy();
  await forge.close();
  for (const one of [remote, ...remotes]) one.remove();
});

const add = (cloneUrl: string, more: object = {}) =>
  call(program, "POST", "/api/repositories", { body: { cloneUrl, ...more } });

/** A repository of its own, so that what one test does to it is not seen by another. */
function anotherRemote(files?: Record<string, string>): GitRepository {
  const made = makeGitRepository(files);
  remotes.push(made);
  return made;
}

async function added(url: string): Promise<RepositoryView> {
  const answer = await add(url);
  expect(answer.status, answer.message).toBe(201);
  return answer.body as RepositoryView;
}

async function begun(repositoryId: string, more: object = {}): Promise<SessionView> {
  const answer = await call(program, "POST", "/api/sessions", { body: { repositoryId, ...more } });
  expect(answer.status, answer.message).toBe(201);
  return answer.body as SessionView;
}

test("a clone URL that cannot be cloned is 422 in words that say why, and nothing is added", async () => {
  const marker = path.join(program.home, "was-run");
  const refusals: [url: string, words: RegExp][] = [
    [path.join(program.home, "nowhere.git"), /^Git cannot clone .*does not (exist|appear to be a git repository)/s],
    [`${forge.url.slice(0, -4)}-missing.git`, /^Git cannot clone http:.*could not read Username/s],
    [forge.url, /^Git cannot clone http:.*could not read Username/s],
    [forge.urlWith("ana", "wrong"), /^Git cannot clone http:.*Authentication failed/s],
    ["http://127.0.0.1:1/a.git", /^Git cannot clone http:.*Failed to connect/s],
    ["https://no-such-host.invalid/a.git", /^Git cannot clone https:.*Could not resolve host/s],
    ["file:///etc", /^Git cannot clone file:\/\/\/etc:.*does not appear to be a git repository/s],
    ["/etc/passwd", /^Git cannot clone \/etc\/passwd:/],
    [`ext::sh -c "touch ${marker}"`, /^`ext::` is a git helper that may run commands\. Give an https/],
    [`fd::17/${marker}`, /^`fd::` is a git helper/],
    [`--upload-pack=touch ${marker}`, /^A clone URL cannot begin with `-`\./],
    [`ssh://-oProxyCommand=touch%20${encodeURIComponent(marker)}/a.git`, /^The clone URL names no host\./],
    [`-oProxyCommand=touch${marker}:a.git`, /^A clone URL cannot begin with `-`\./],
    ["ftp://example.test/a.git", /^`ftp:\/\/` is not a way to clone from here\./],
    ["../relative", /^`\.\.\/relative` is a relative path/],
    ["https://example.test/a.git\u0000b", /control character/],
    ["https://example.test/a.git\nb", /control character/],
    ["https://example.test/", /^The clone URL names a host, but no repository on it\./],
  ];
  for (const [url, words] of refusals) {
    const answer = await add(url);
    expect([url, answer.status, answer.code]).toEqual([url, 422, "refused"]);
    expect(answer.message).toMatch(words);
    expect(answer.message).not.toContain("wrong");
  }
  for (const url of ["", "   ", "a".repeat(5_000)]) expect((await add(url)).code).toBe("invalid");
  expect(existsSync(marker)).toBe(false);
  const { items } = await program.api<{ items: unknown[] }>("GET", "/api/repositories");
  expect(items).toEqual([]);
});

test("the same clone URL twice is 409, and a repository that is not there is 404 and named", async () => {
  const { url } = anotherRemote();
  await added(url);
  expect(await add(`${url}/`)).toMatchObject({ status: 409, code: "conflict" });
  const answer = await call(program, "POST", "/api/sessions", { body: { repositoryId: "no-such-one" } });
  expect(answer).toMatchObject({ status: 404, message: "There is no repository no-such-one." });
});

test("what this server cannot do yet is refused, never ignored", async () => {
  const { id } = await added(anotherRemote().url);
  for (const more of [{ agent: "claude" }, { prompt: "do it" }])
    expect(await call(program, "POST", "/api/sessions", { body: { repositoryId: id, ...more } })).toMatchObject({
      status: 422,
      code: "not-available",
    });
  // No forge is known for it: that is a refusal of this one, in words.
  expect(
    await call(program, "POST", "/api/sessions", { body: { repositoryId: id, pullUrl: "https://example.test/1" } }),
  ).toMatchObject({ status: 422, code: "refused", message: expect.stringContaining("forge") });
  expect(await add(remote.url, { host: "kubernetes" })).toMatchObject({ status: 422, code: "not-available" });
  expect(
    await call(program, "PATCH", `/api/repositories/${id}`, { body: { settings: { maxTasks: 5 } } }),
  ).toMatchObject({ status: 422, code: "not-available" });
});

test("an empty repository is added; a session in it says what to do, and goes on once there is a commit", async () => {
  const empty = anotherRemote();
  empty.git("update-ref", "-d", "refs/heads/main");
  const repository = await added(empty.url);
  const { id } = await begun(repository.id);
  const failed = await waitForPhase(program, id, "failed");
  expect(failed.phaseDetail).toBe(
    "This repository has no commits yet, and a branch needs one. Push a first commit, then retry.",
  );
  const tree = empty.git("hash-object", "-t", "tree", "-w", "/dev/null").trim();
  const commit = empty.git("commit-tree", "-m", "First", tree).trim();
  empty.git("update-ref", "refs/heads/main", commit);
  expect((await call(program, "POST", `/api/sessions/${id}/retry`, { body: {} })).status).toBe(200);
  expect((await waitForPhase(program, id, "active")).baseSha).toBe(commit);
});

test("a base is a name and nothing else: one that is missing fails by name, and none is read as git's syntax", async () => {
  const repository = await added(anotherRemote().url);
  expect(await add(anotherRemote().url, { defaultBranch: "nowhere" })).toMatchObject({ status: 422, code: "refused" });
  const bases = [
    "nowhere",
    "main@{0}",
    "HEAD",
    "main..main",
    "-b",
    "--orphan",
    "main^{tree}",
    "ветка с пробелом",
    ":/First",
  ];
  for (const base of bases) {
    const { id } = await begun(repository.id, { base });
    const failed = await waitForPhase(program, id, "failed");
    expect(failed.phaseDetail).toBe(
      `The remote has no branch, tag or commit \`${base}\`. Push it and retry, or begin a session with another base.`,
    );
    // Nothing was made: ending it is free.
    await program.api("POST", `/api/sessions/${id}/end`, {});
    expect((await waitForPhase(program, id, "ended")).rescueRefs).toEqual([]);
  }
});

test("branches with unicode and symbols are bases; titles hold any text", async () => {
  const odd = anotherRemote();
  const names = ["функция/☃", "a@b", "quote'\"$(touch-x)", "ünï-%2e%2e"];
  for (const name of names) odd.git("branch", name, "main");
  const repository = await added(odd.url);
  for (const base of names) {
    const title = `Сессия <script> ${base} \u{1f600}`;
    const { id } = await begun(repository.id, { base, title });
    const made = await waitForPhase(program, id, "active");
    expect([made.baseBranch, made.title]).toEqual([base, title]);
    expect(made.branch).toMatch(/^session\/[a-z0-9-]{1,32}\/[a-z0-9]{8}$/);
  }
  expect(
    (await call(program, "POST", "/api/sessions", { body: { repositoryId: repository.id, title: " " } })).code,
  ).toBe("invalid");
});

for (const [user, part] of [
  ["a@{1}..b c", /^session\/a--1---b-c\//],
  ["名前", /^session\/user\//],
] as const) {
  test(`the user name ${JSON.stringify(user)} makes a branch that git takes`, async () => {
    const another = await Program.create({ USER: user, LOGNAME: user });
    try {
      const { branch } = await openSession(another, remote);
      expect(branch).toMatch(part);
      expect(branch.split("/")).toHaveLength(3);
    } finally {
      await another.destroy();
    }
  });
}

test("50,000 files, a submodule and LFS pointers: a session is made, and ending keeps all", async () => {
  const large = anotherRemote();
  const inner = anotherRemote({ "inner.txt": "inner\n" });
  const innerHead = inner.git("rev-parse", "main").trim();
  const lines = ["commit refs/heads/main", "committer Ana <ana@example.test> 1700000000 +0000", "data 4", "many"];
  for (let at = 0; at < 50_000; at++)
    lines.push(`M 100644 inline d${Math.floor(at / 500)}/f${at}.txt`, `data ${String(at).length}`, String(at));
  const modules = `[submodule "sub"]\n\tpath = sub\n\turl = ${inner.url}\n`;
  lines.push("M 100644 inline .gitmodules", `data ${modules.length}`, modules, `M 160000 ${innerHead} sub`);
  const attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"ab".repeat(32)}\nsize 12345\n`;
  lines.push("M 100644 inline .gitattributes", `data ${attributes.length}`, attributes);
  lines.push("M 100644 inline large.bin", `data ${pointer.length}`, pointer, "");
  const stream = path.join(program.home, "stream");
  writeFileSync(stream, lines.join("\n"));
  large.git("-c", "alias.load=!git fast-import --force --quiet <", "load", stream);

  const session = await openSession(program, large);
  const worktree = session.worktreePath ?? "";
  expect(existsSync(path.join(worktree, "d99/f49999.txt"))).toBe(true);
  expect(existsSync(path.join(worktree, "large.bin"))).toBe(true);
  writeFileSync(path.join(worktree, "d0/f1.txt"), "changed\n");
  mkdirSync(path.join(worktree, "new"), { recursive: true });
  writeFileSync(path.join(worktree, "new/file.txt"), "new\n");
  const loss = await program.api<LossView>("GET", `/api/sessions/${session.id}/loss`);
  expect(loss.changed).toMatchObject({ state: "known", value: { count: 1 } });
  expect(loss.untracked).toMatchObject({ state: "known", value: { count: 1 } });
  await program.api("POST", `/api/sessions/${session.id}/end`, {});
  const ended = await eventually(
    () => program.api<SessionView>("GET", `/api/sessions/${session.id}`),
    ({ phase, endRefusal }) => phase === "ended" || endRefusal !== null,
  );
  expect(ended.endRefusal).toBeNull();
  expect(ended.rescueRefs.map(({ ref }) => ref.split("/").at(-1))).toContain("worktree");
  expect(existsSync(path.join(ended.setAsidePath ?? "", "new/file.txt"))).toBe(true);
});
