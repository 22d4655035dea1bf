import { access, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RepositorySettings } from "../domain/repository";
import {
  ada,
  createGround,
  type Ground,
  git,
  makeOrigin,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "./testing/session-room";

let ground: Ground;
let room: Room;
let origin: string;

beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
  origin = await makeOrigin(ground.root);
});

afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const addRepository = (settings: Partial<RepositorySettings> = {}) =>
  room.repositories.add(ada, { cloneUrl: origin, settings });

async function begin(repositoryId: string, wanted: { base?: string; title?: string } = {}) {
  return (await room.sessions.create(ada, { repositoryId, ...wanted })).session;
}

async function active(settings: Partial<RepositorySettings> = {}, wanted: { base?: string } = {}) {
  const { id } = await begin((await addRepository(settings)).id, wanted);
  const reading = await phaseOfBecomes(room, id, "active");
  return { ...reading, path: reading.worktree?.path ?? "" };
}

async function failed(settings: Partial<RepositorySettings> = {}, wanted: { base?: string } = {}) {
  const { id } = await begin((await addRepository(settings)).id, wanted);
  return phaseOfBecomes(room, id, "failed");
}

describe("a session", () => {
  it("is made from a repository that is still being cloned, down to its terminal", async () => {
    const repository = await addRepository();
    const made = await room.sessions.create(ada, { repositoryId: repository.id });
    expect(made.phase).toBe("creating");
    const { session, worktree, steps } = await phaseOfBecomes(room, made.session.id, "active");
    expect(session.branch).toBe(`session/ada/${session.shortId}`);
    expect(session.shortId).toMatch(/^[a-z0-9]{8}$/);
    expect(session).toMatchObject({ baseBranch: "main", baseSha: await git(origin, "rev-parse", "main") });
    const path = worktree?.path ?? "";
    expect(await git(path, "rev-parse", "--abbrev-ref", "HEAD")).toBe(session.branch);
    expect(await git(path, "status", "--porcelain")).toBe("");
    expect(ground.terminals.first.get(session.id)).toBe(path);
    expect(steps).toEqual([]);
  });

  it("begins at the latest of the default branch, also when that moved or got another name", async () => {
    const repository = await addRepository();
    await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    await git(origin, "branch", "-m", "main", "trunk");
    await git(origin, "commit", "--quiet", "--allow-empty", "-m", "second");
    const { session } = await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    expect(session).toMatchObject({ baseBranch: "trunk", baseSha: await git(origin, "rev-parse", "trunk") });
  });

  it("keeps a default branch that a person chose, whatever the remote's HEAD names", async () => {
    await git(origin, "branch", "stable");
    const repository = await room.repositories.add(ada, { cloneUrl: origin, defaultBranch: "stable" });
    await git(origin, "branch", "-m", "main", "trunk");
    const { session } = await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    expect(session.baseBranch).toBe("stable");
  });

  it("carries the account's name and address only where the person's own git has none", async () => {
    const first = await active();
    expect(await git(first.path, "config", "--worktree", "user.email")).toBe(ada.email);
    expect(await git(first.path, "config", "--worktree", "push.autoSetupRemote")).toBe("true");
    await writeFile(join(ground.root, ".gitconfig"), "[user]\n\tname = Own\n\temail = own@trellis.test\n");
    const { id } = await begin(first.session.repositoryId);
    const second = await phaseOfBecomes(room, id, "active");
    await expect(git(second.worktree?.path ?? "", "config", "--worktree", "user.email")).rejects.toThrow();
  });

  it("does not track its base, and leaves the clone detached, without a branch of its own", async () => {
    const { path, session, worktree } = await active();
    await expect(git(path, "config", `branch.${session.branch}.remote`)).rejects.toThrow();
    const clone = room.clones.queue(await room.repositories.get(ada, worktree?.repositoryId ?? "")).path;
    await expect(git(clone, "symbolic-ref", "HEAD")).rejects.toThrow();
    expect(await git(clone, "for-each-ref", "--format=%(refname:short)", "refs/heads")).toBe(session.branch);
    expect(await git(clone, "rev-parse", "--is-bare-repository")).toBe("false");
    expect(await git(clone, "config", "gc.auto")).toBe("0");
  });

  it.each([
    ["Ünï Çödé", "session/-n----d-/"],
    ["..", "session/user/"],
    ["a@{b", "session/a--b/"],
    ["user name.lock", "session/user-name-lock/"],
    ["日本語", "session/user/"],
  ])("has a branch that git takes for the user name %s", async (username, prefix) => {
    const repository = await addRepository();
    const user = { ...ada, username };
    const { session } = await room.sessions.create(user, { repositoryId: repository.id });
    expect(session.branch.startsWith(prefix)).toBe(true);
    await phaseOfBecomes(room, session.id, "active");
  });

  it("twenty at the same time on one repository all come to be, on branches of their own", async () => {
    const repository = await addRepository();
    const begun = await Promise.all(Array.from({ length: 20 }, () => begin(repository.id)));
    const branches: string[] = [];
    // Each is waited for by itself: the patience for one is none for twenty.
    for (const { id } of begun) {
      const { worktree } = await phaseOfBecomes(room, id, "active");
      branches.push(await git(worktree?.path ?? "", "symbolic-ref", "--short", "HEAD"));
    }
    expect(new Set(branches).size).toBe(20);
    expect(branches.toSorted()).toEqual(begun.map(({ branch }) => branch).toSorted());
  }, 300_000);

  it("of another user is not found, and cannot be begun on another's repository", async () => {
    const repository = await addRepository();
    const { id } = await begin(repository.id);
    const eve = { ...ada, id: "user-eve", username: "eve" };
    await expect(room.sessions.get(eve, id)).rejects.toMatchObject({ code: "not-found" });
    await expect(room.sessions.create(eve, { repositoryId: repository.id })).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe("the base of a session", () => {
  it("may be a branch, a tag or a commit of the remote", async () => {
    await git(origin, "branch", "feature/größe");
    await git(origin, "tag", "-a", "v1", "-m", "one");
    await git(origin, "commit", "--quiet", "--allow-empty", "-m", "second");
    const [first, second] = [await git(origin, "rev-parse", "main~1"), await git(origin, "rev-parse", "main")];
    const { id } = await addRepository();
    for (const [base, baseSha, baseBranch] of [
      ["feature/größe", first, "feature/größe"],
      ["origin/main", second, "main"],
      ["v1", first, null],
      [first.slice(0, 10), first, null],
    ] as const) {
      const { session } = await phaseOfBecomes(room, (await begin(id, { base })).id, "active");
      expect(session).toMatchObject({ base, baseSha, baseBranch });
    }
  });

  it.each([
    "no-such",
    "with space",
    "..",
    "main~0",
    "main@{0}",
    "@{-1}",
    "-b",
    "HEAD",
    "ünï/ ",
    "main:file",
    "0".repeat(40),
  ])("that the remote does not have fails with clear words: %s", async (base) => {
    const { session } = await failed({}, { base });
    expect(session.failure).toMatchObject({ step: "fetch" });
    expect(session.failure?.reason).toContain(`no branch, tag or commit \`${base}\``);
  });

  it("that is on no remote is no base, though the clone has the commit", async () => {
    const { path } = await active();
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "mine");
    const base = await git(path, "rev-parse", "HEAD");
    const [repository] = (await room.repositories.list(ada, { limit: 1 })).items;
    const { id } = await begin(repository?.id ?? "", { base });
    expect((await phaseOfBecomes(room, id, "failed")).session.failure?.reason).toContain("no branch, tag or commit");
  });

  it("of an empty repository is told to be missing, and a retry goes on after the first push", async () => {
    origin = join(ground.root, "empty");
    await git(ground.root, "init", "--quiet", "--initial-branch=main", origin);
    const repository = await addRepository();
    expect(repository.defaultBranch).toBeNull();
    const { id } = await begin(repository.id);
    const { session } = await phaseOfBecomes(room, id, "failed");
    expect(session.failure?.reason).toContain("no commits yet");
    await git(origin, "commit", "--quiet", "--allow-empty", "-m", "first");
    await room.sessions.retry(ada, id, { skip: false });
    const made = await phaseOfBecomes(room, id, "active");
    expect(made.session.baseBranch).toBe("main");
    const { path } = room.clones.queue(repository);
    await expect(git(path, "symbolic-ref", "HEAD")).rejects.toThrow();
  });

  it("may be what was fetched before when the remote cannot be reached, and that is said", async () => {
    const repository = await addRepository();
    await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    ground.tables.repositories.set(repository.id, {
      ...(ground.tables.repositories.get(repository.id) ?? repository),
      cloneUrl: "http://127.0.0.1:9/gone.git",
    });
    await git(room.clones.queue(repository).path, "remote", "set-url", "origin", "http://127.0.0.1:9/gone.git");
    const { session } = await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    expect(session.creation.find(({ step }) => step === "fetch")?.detail).toContain("what was fetched before");
  });
});

describe("files copied in", () => {
  it("come from the repository's directory, and what is not there is told", async () => {
    await writeFile(join(origin, ".env"), "A=1\n");
    await mkdir(join(origin, "config/deep"), { recursive: true });
    await writeFile(join(origin, "config/deep/local.json"), "{}");
    const { path, session } = await active({ copyFiles: [".env", "config", "absent.txt"] });
    expect(await readFile(join(path, ".env"), "utf8")).toBe("A=1\n");
    expect(await readFile(join(path, "config/deep/local.json"), "utf8")).toBe("{}");
    const detail = session.creation.find(({ step }) => step === "copy-files")?.detail;
    expect(detail).toContain("Copied 2 of 3");
    expect(detail).toContain("`absent.txt`: is not there");
  });

  it("never come from outside of it, by whatever link", async () => {
    await writeFile(join(ground.root, "secret"), "s3cret");
    await symlink(join(ground.root, "secret"), join(origin, "link"));
    await symlink(ground.root, join(origin, "up"));
    const { path, session } = await active({ copyFiles: ["link", "up/secret"] });
    expect(session.creation.find(({ step }) => step === "copy-files")?.detail).toContain("Copied 0 of 2");
    await expect(access(join(path, "link"))).rejects.toThrow();
    await expect(access(join(path, "up"))).rejects.toThrow();
  });

  it("never go outside of the worktree, by a link that the repository holds", async () => {
    await mkdir(join(ground.root, "outside"));
    await symlink(join(ground.root, "outside"), join(origin, "out"));
    await writeFile(join(ground.root, "target"), "kept");
    await symlink(join(ground.root, "target"), join(origin, ".env"));
    await git(origin, "add", "--all");
    await git(origin, "commit", "--quiet", "-m", "links");
    await rm(join(origin, "out"));
    await mkdir(join(origin, "out"));
    await writeFile(join(origin, "out/file"), "escaped");
    await rm(join(origin, ".env"));
    await writeFile(join(origin, ".env"), "A=2\n");
    const { path } = await active({ copyFiles: ["out/file", "out", ".env"] });
    await expect(access(join(ground.root, "outside/file"))).rejects.toThrow();
    expect(await readFile(join(ground.root, "target"), "utf8")).toBe("kept");
    expect(await readFile(join(path, ".env"), "utf8")).toBe("A=2\n");
  });

  it.each(["/etc/passwd", "../x", "a/../../x", ".git/config", "~/.ssh", ".", ""])(
    "cannot be asked for as %j",
    async (path) => {
      await expect(addRepository({ copyFiles: [path] })).rejects.toMatchObject({ code: "refused" });
    },
  );
});

describe("the setup script", () => {
  it("runs in the worktree, with the repository's environment, before the terminal starts", async () => {
    const { path } = await active({ setupScript: 'pwd > where; printf %s "$TOKEN" > token', env: { TOKEN: "t" } });
    expect((await readFile(join(path, "where"), "utf8")).trim()).toBe(path);
    expect(await readFile(join(path, "token"), "utf8")).toBe("t");
  });

  it("that fails shows its output; a retry runs it once more, and the session may go on without it", async () => {
    const { session } = await failed({ setupScript: "echo broken >&2; exit 3" });
    expect(session.failure).toMatchObject({ step: "setup", output: "broken\n" });
    expect(session.failure?.reason).toContain("ended with code 3");
    expect(ground.terminals.first.has(session.id)).toBe(false);
    await room.sessions.retry(ada, session.id, { skip: false });
    await phaseOfBecomes(room, session.id, "failed");
    expect(ground.terminals.attempts.get(session.id)).toEqual([1, 2]);
    await room.sessions.retry(ada, session.id, { skip: true });
    await phaseOfBecomes(room, session.id, "active");
    expect(ground.told.map(({ kind }) => kind)).toEqual(["session-failed", "session-failed"]);
  });

  it("only the steps that may be left out can be left out", async () => {
    const { session } = await failed({}, { base: "no-such" });
    await expect(room.sessions.retry(ada, session.id, { skip: true })).rejects.toMatchObject({ code: "refused" });
  });
});

describe("trouble", () => {
  it("a path that is taken fails with words, and nothing in it is touched", async () => {
    const repository = await addRepository();
    ground.host.setState({ kind: "unreachable", since: new Date(), reason: "asleep" });
    const { id, shortId } = await begin(repository.id);
    const path = join(ground.host.paths().worktrees, shortId);
    await mkdir(path);
    await writeFile(join(path, "mine"), "kept");
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    const { session } = await phaseOfBecomes(room, id, "failed");
    expect(session.failure?.reason).toContain("is there already");
    expect(await readFile(join(path, "mine"), "utf8")).toBe("kept");
    await rm(path, { recursive: true });
    await room.sessions.retry(ada, id, { skip: false });
    await phaseOfBecomes(room, id, "active");
  });

  it("a branch that is checked out elsewhere is told in git's words", async () => {
    const repository = await addRepository();
    await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    const { path } = room.clones.queue(repository);
    ground.host.setState({ kind: "unreachable", since: new Date(), reason: "asleep" });
    const { id, branch } = await begin(repository.id);
    await git(path, "worktree", "add", "-b", branch, join(ground.root, "elsewhere"), "origin/main");
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    const { session } = await phaseOfBecomes(room, id, "failed");
    expect(session.failure?.reason).toMatch(/already (checked out|used by worktree) at '.*elsewhere'/);
  });

  it("a host that is away is unreachable, never failed, and the session is made when it is back", async () => {
    const repository = await addRepository();
    ground.host.setState({ kind: "unreachable", since: new Date(), reason: "the lid is closed" });
    const { id } = await begin(repository.id);
    const reading = await room.sessions.get(ada, id);
    expect(reading).toMatchObject({ phase: "unreachable", phaseDetail: "the lid is closed" });
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    await phaseOfBecomes(room, id, "active");
  });

  it("a clone that is gone is told, and a retry clones again", async () => {
    const repository = await addRepository();
    await phaseOfBecomes(room, (await begin(repository.id)).id, "active");
    const { path } = room.clones.queue(repository);
    await rm(path, { recursive: true });
    const { id } = await begin(repository.id);
    expect((await phaseOfBecomes(room, id, "failed")).session.failure).toMatchObject({ step: "clone" });
    await room.sessions.retry(ada, id, { skip: false });
    await phaseOfBecomes(room, id, "active");
  });

  it("submodules are left to the person, and that is said", async () => {
    const library = await makeOrigin(ground.root, "library");
    await git(origin, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library, "library");
    await git(origin, "commit", "--quiet", "-m", "submodule");
    const { session } = await active();
    expect(session.creation.find(({ step }) => step === "worktree")?.detail).toContain("submodule");
  });
});

describe("a file dropped into a terminal", () => {
  it("lies outside the worktree under a name that no shell reads, and overwrites nothing", async () => {
    const { session, path } = await active();
    const bytes = Buffer.from([0, 255, 10]);
    const first = await room.sessions.upload(ada, session.id, { name: "../a b;$(x).png", bytes });
    const second = await room.sessions.upload(ada, session.id, { name: "../a b;$(x).png", bytes: Buffer.from("2") });
    expect(first.path).toMatch(/\/uploads\/[a-z0-9]{8}\/a-b-x-\.png$/);
    expect(first.path.startsWith(path)).toBe(false);
    expect(await readFile(first.path)).toEqual(bytes);
    expect(await readFile(second.path, "utf8")).toBe("2");
    const large = { name: "x", bytes: new Uint8Array(64 * 1_024 * 1_024 + 1) };
    await expect(room.sessions.upload(ada, session.id, large)).rejects.toMatchObject({ code: "too-large" });
  });
});

describe("an ended session", () => {
  it("is restored into a new one: its commits, what was staged, and what git never saw, also when the remote is gone", async () => {
    const { session, path } = await active();
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "mine");
    await writeFile(join(path, "staged"), "staged\n");
    await git(path, "add", "staged");
    await writeFile(join(path, "loose"), "loose\n");
    const early = { repositoryId: session.repositoryId, restoreFrom: session.id };
    await expect(room.sessions.create(ada, early)).rejects.toMatchObject({ code: "conflict" });
    const ending = await room.sessions.end(ada, session.id, { keep: "rescue", token: null });
    expect(ending).toMatchObject({ outcome: "accepted", reading: { phase: "ending" } });
    const ended = await phaseOfBecomes(room, session.id, "ended");
    expect(ended.phaseDetail).toContain("7 days");
    expect(ended.setAsideUntil?.getTime()).toBe((ended.worktree?.setAsideAt?.getTime() ?? 0) + 7 * 86_400_000);
    const again = await room.sessions.end(ada, session.id, { keep: "rescue", token: null });
    expect(again.outcome).toBe("already");
    await rm(origin, { recursive: true });
    const restored = await room.sessions.create(ada, early);
    const { session: next, worktree } = await phaseOfBecomes(room, restored.session.id, "active");
    expect(next).toMatchObject({ restoredFromId: session.id, title: "Restored: New session" });
    const cwd = worktree?.path ?? "";
    expect(await git(cwd, "log", "-1", "--format=%s")).toBe("mine");
    expect(await git(cwd, "status", "--porcelain")).toBe("A  staged\n?? loose");
  });

  it("may have been ended before it was made", async () => {
    const repository = await addRepository({ setupScript: "sleep 60" });
    const { id } = await begin(repository.id);
    await room.sessions.end(ada, id, { keep: "rescue", token: null });
    await phaseOfBecomes(room, id, "ended");
    expect((await room.sessions.list({ userId: ada.id, state: "active", limit: 10 })).items).toEqual([]);
  });
});
