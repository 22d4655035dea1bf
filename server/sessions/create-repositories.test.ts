import { execFile } from "node:child_process";
import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunOptions } from "./host";
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
const commands: string[][] = [];
const hinted: string[] = [];

beforeEach(async () => {
  commands.length = 0;
  hinted.length = 0;
  ground = await createGround();
  const { host } = ground;
  const recorded = {
    ...host,
    run(argv: string[], options?: RunOptions) {
      commands.push(argv);
      return host.run(argv, options);
    },
  };
  const changes = {
    session: (id: string) => void hinted.push(id),
    repository: (id: string) => void hinted.push(id),
    notification() {},
  };
  room = openRoom(ground, (deps) => ({ ...deps, host: () => recorded, changes }));
  origin = await makeOrigin(ground.root);
});

afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const cloned = (id: string) =>
  vi.waitFor(async () => expect((await room.repositories.get(ada, id)).clonedAt).not.toBeNull());

describe("adding a repository", () => {
  it("answers at once and clones behind it, under its own name", async () => {
    const repository = await room.repositories.add(ada, { cloneUrl: origin });
    expect(repository).toMatchObject({ name: "origin", cloneUrl: origin, defaultBranch: "main", clonedAt: null });
    await cloned(repository.id);
    expect(await readdir(ground.host.paths().repositories)).toEqual([repository.id]);
    expect(room.repositories.progress(repository.id)).toBeNull();
  });

  it("takes file URLs, and paths below the home of the host", async () => {
    const byUrl = await room.repositories.add(ada, { cloneUrl: `file://${origin}` });
    const byHome = await room.repositories.add(ada, { cloneUrl: "~/origin" });
    expect(byHome.cloneUrl).toBe(origin);
    await cloned(byUrl.id);
    await cloned(byHome.id);
  });

  it("the same URL twice is a conflict", async () => {
    await room.repositories.add(ada, { cloneUrl: origin });
    await expect(room.repositories.add(ada, { cloneUrl: `${origin}/` })).rejects.toMatchObject({ code: "conflict" });
  });

  it.each([
    ["file:///etc", /does not appear to be a git repository/],
    ["/no/such/place", /does not (exist|appear)/],
    ["ext::sh -c touch% /tmp/trellis-was-here", /helper/],
    ["--upload-pack=touch /tmp/trellis-was-here", /cannot begin with/],
    ["https://127.0.0.1:9/a/b.git", /Failed to connect|Couldn't connect/],
  ])("refuses %s with the reason", async (cloneUrl, reason) => {
    await expect(room.repositories.add(ada, { cloneUrl })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(reason),
    });
    await expect(access("/tmp/trellis-was-here")).rejects.toThrow();
    expect((await room.repositories.list(ada, { limit: 10 })).items).toEqual([]);
  });

  it("refuses a default branch that the remote does not have", async () => {
    await expect(room.repositories.add(ada, { cloneUrl: origin, defaultBranch: "no" })).rejects.toMatchObject({
      code: "refused",
    });
    const { id } = await room.repositories.add(ada, { cloneUrl: origin });
    await expect(room.repositories.update(ada, id, { defaultBranch: "no" })).rejects.toMatchObject({ code: "refused" });
    await git(origin, "branch", "stable");
    const updated = await room.repositories.update(ada, id, {
      defaultBranch: "stable",
      settings: { keepEndedDays: 3 },
    });
    expect(updated).toMatchObject({ defaultBranch: "stable", settings: { keepEndedDays: 3, maxTasks: 2 } });
  });

  it("a clone that fails is a fact that a session tells, and a retry goes on", async () => {
    const repository = await room.repositories.add(ada, { cloneUrl: origin });
    await room.kill();
    await ground.host.run(["rm", "-rf", join(ground.host.paths().repositories, repository.id)]);
    ground.tables.repositories.set(repository.id, { ...repository, clonedAt: null, cloneUrl: "/gone" });
    room = openRoom(ground);
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    await room.clones.start();
    const reading = await phaseOfBecomes(room, session.id, "failed");
    expect(reading.session.failure).toMatchObject({ step: "clone" });
    expect(reading.session.failure?.reason).toMatch(/'?\/gone'? does not exist/);
    const failedRow = ground.tables.repositories.get(repository.id) ?? repository;
    ground.tables.repositories.set(repository.id, { ...failedRow, cloneUrl: origin });
    const second = await room.sessions.create(ada, { repositoryId: repository.id });
    await phaseOfBecomes(room, second.session.id, "active");
    await room.sessions.retry(ada, session.id, { skip: false });
    await phaseOfBecomes(room, session.id, "active");
    expect((await room.repositories.get(ada, repository.id)).cloneFailure).toBeNull();
  });
});

describe("[I7] a secret inside a clone URL", () => {
  const secret = "s3cret-t0ken";
  let server: Server;
  const seen: (string | undefined)[] = [];

  /** The origin over HTTP as a plain web server gives it, behind a password. */
  beforeEach(async () => {
    await promisify(execFile)("git", ["update-server-info"], { cwd: origin });
    server = createServer((request: IncomingMessage, response) => {
      seen.push(request.headers.authorization);
      const expected = `Basic ${Buffer.from(`ada:${secret}`).toString("base64")}`;
      if (request.headers.authorization !== expected) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="forge"' }).end();
        return;
      }
      const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname).replace("/acme/shop.git", "");
      readFile(join(origin, ".git", path)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const url = (userinfo: string) => {
    const { port } = server.address() as AddressInfo;
    return `http://${userinfo}127.0.0.1:${port}/acme/shop.git`;
  };

  it("clones and fetches, and stands in no command line, no URL and no file", async () => {
    await writeFile(join(ground.root, ".gitconfig"), "[credential]\n\thelper = store\n");
    const repository = await room.repositories.add(ada, { cloneUrl: url(`ada:${secret}@`) });
    expect(repository).toMatchObject({ cloneUrl: url(""), name: "acme/shop" });
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    await phaseOfBecomes(room, session.id, "active");
    expect(seen.some((authorization) => authorization !== undefined)).toBe(true);
    expect(JSON.stringify(commands)).not.toContain(secret);
    const found = await ground.host.run([
      "grep",
      "-rl",
      "-e",
      secret,
      "-e",
      Buffer.from(secret).toString("base64"),
      ground.root,
    ]);
    expect(new TextDecoder().decode(found.stdout)).toBe("");
    expect(JSON.stringify(repository)).not.toContain(secret);
  });

  it("serves git as it is typed in a worktree, and goes with the repository", async () => {
    const repository = await room.repositories.add(ada, { cloneUrl: url(`ada:${secret}@`) });
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    const path = (await phaseOfBecomes(room, session.id, "active")).worktree?.path ?? "";
    expect(await git(path, "ls-remote", "origin", "main")).toContain("refs/heads/main");
    await git(path, "worktree", "remove", "--force", path);
    ground.tables.sessions.delete(session.id);
    await git(room.clones.queue(repository).path, "branch", "-D", session.branch);
    await room.repositories.remove(ada, repository.id, null);
    await vi.waitFor(() => expect(ground.tables.repositories.size).toBe(0));
    expect(await readdir(ground.host.paths().repositories)).toEqual([]);
    expect(ground.host.credentials.size).toBe(0);
  });

  it("that was changed is the one that git gets, also in a worktree that names an older helper", async () => {
    const repository = await room.repositories.add(ada, { cloneUrl: url(`ada:${secret}@`) });
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    const path = (await phaseOfBecomes(room, session.id, "active")).worktree?.path ?? "";
    const key = `credential.${new URL(url("")).origin}.helper`;
    await git(path, "config", "--worktree", "--replace-all", key, "cache --socket=/nowhere");
    await room.kill();
    ground.tables.secrets.set(repository.id, "ada:another");
    room = openRoom(ground);
    await room.sessions.start();
    await vi.waitFor(async () => {
      const named = await git(path, "config", "--worktree", "--get-all", key);
      expect(named).toBe(ground.host.credentialHelper(repository.id)); // the empty one before it was trimmed away
    });
    expect(ground.host.credentials.get(repository.id)).toMatchObject([{ username: "ada", password: "another" }]);
  });

  it("that is missing or wrong is refused in git's own words", async () => {
    await expect(room.repositories.add(ada, { cloneUrl: url("") })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/could not read Username|terminal prompts disabled/),
    });
    await expect(room.repositories.add(ada, { cloneUrl: url("ada:wrong@") })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/Authentication failed/),
    });
  });
});

describe("deleting a repository", () => {
  it("is refused while a session is active", async () => {
    const { id } = await room.repositories.add(ada, { cloneUrl: origin });
    await room.sessions.create(ada, { repositoryId: id });
    const { token } = await room.repositories.remains(ada, id);
    await expect(room.repositories.remove(ada, id, token)).rejects.toMatchObject({ code: "conflict" });
  });

  it("that has nothing to lose needs no confirmation", async () => {
    const { id } = await room.repositories.add(ada, { cloneUrl: origin });
    await cloned(id);
    await room.repositories.remove(ada, id, null);
    await vi.waitFor(async () => expect(ground.tables.repositories.size).toBe(0));
    expect(await readdir(ground.host.paths().repositories)).toEqual([]);
  });

  it("[I8] says that stashes and refs of other names go along", async () => {
    const { id } = await room.repositories.add(ada, { cloneUrl: origin });
    await cloned(id);
    const clone = join(ground.host.paths().repositories, id);
    const made = (message: string) => git(clone, "commit-tree", "-p", "HEAD", "-m", message, "HEAD^{tree}");
    await git(clone, "stash", "store", "-m", "one", await made("one"));
    await git(clone, "stash", "store", "-m", "two", await made("two"));
    await git(clone, "update-ref", "refs/mine/draft", await made("three"));
    await git(clone, "update-ref", "refs/trellis/rescue/lost0000/head", await made("four"));
    const { unpushedBranches } = await room.repositories.remains(ada, id);
    expect(unpushedBranches).toEqual([
      { branch: "refs/mine/draft", commits: 1 },
      { branch: "refs/stash", commits: 2 },
      { branch: "refs/trellis/rescue/lost0000/head", commits: 1 },
    ]);
    await expect(room.repositories.remove(ada, id, null)).rejects.toMatchObject({ code: "conflict" });
  });

  it("lists what goes, and takes it only when the token names all of it", async () => {
    const { id } = await room.repositories.add(ada, { cloneUrl: origin });
    const { session } = await room.sessions.create(ada, { repositoryId: id });
    const path = (await phaseOfBecomes(room, session.id, "active")).worktree?.path ?? "";
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "mine");
    const ref = `refs/trellis/rescue/${session.shortId}/head`;
    await git(path, "update-ref", ref, "HEAD");
    const sha = await git(path, "rev-parse", "HEAD");
    const { uploads } = ground.host.paths();
    await mkdir(join(uploads, session.shortId));
    const row = ground.tables.sessions.get(session.id) ?? session;
    ground.tables.sessions.set(session.id, {
      ...row,
      wanted: "ended",
      endedAt: new Date(),
      rescueRefs: [{ ref, sha }],
    });
    expect(await room.repositories.rescues(ada, id)).toMatchObject([
      { session: { id: session.id }, refs: [{ ref, sha, subject: "mine" }] },
    ]);
    await expect(room.repositories.remove(ada, id, null)).rejects.toMatchObject({ code: "conflict" });
    const seen = await room.repositories.remains(ada, id);
    expect(seen).toMatchObject({ unpushedBranches: [{ branch: session.branch, commits: 1 }], directories: [path] });
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "one more");
    await expect(room.repositories.remove(ada, id, seen.token)).rejects.toMatchObject({
      code: "conflict",
      details: { remains: { unpushedBranches: [{ commits: 2 }] } },
    });
    await room.repositories.remove(ada, id, (await room.repositories.remains(ada, id)).token);
    hinted.length = 0;
    await vi.waitFor(() => expect(ground.tables.repositories.size).toBe(0));
    await vi.waitFor(() => expect(hinted).toEqual(expect.arrayContaining([id, session.id])));
    await expect(access(path)).rejects.toThrow();
    expect(await readdir(uploads)).toEqual([]);
    await expect(room.sessions.create(ada, { repositoryId: id })).rejects.toMatchObject({ code: "not-found" });
  });
});
