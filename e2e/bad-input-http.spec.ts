import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { RepositoryView, SessionView } from "../server/protocol/api";
import { call, rawCall } from "./support/call";
import { type GitHttpServer, serveGitOverHttp } from "./support/git-http-server";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { processes } from "./support/processes";
import { Program } from "./support/program";
import { openSession, waitForPhase } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

let program: Program;
let remote: GitRepository;
let session: SessionView;
test.beforeAll(async () => {
  program = await Program.create({ TRELLIS_LOG_LEVEL: "trace" });
  remote = makeGitRepository();
  session = await openSession(program, remote);
});
test.afterAll(async () => {
  expect(program.log.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  await program.destroy();
  remote.remove();
});

const bearer = () => ({ authorization: `Bearer ${program.token}` });
const asJson = { "content-type": "application/json" };
type Sent = { method?: string; headers?: Record<string, string>; body?: string | Buffer };
const status = async (where: string, sent: Sent = {}) => (await rawCall(`${program.url}${where}`, sent)).status;

async function signIn(): Promise<string> {
  const { url } = await program.api<{ url: string }>("POST", "/api/sign-in-links", {});
  const body = JSON.stringify({ token: url.split("#")[1] });
  const ask = () =>
    rawCall(`${program.url}/api/sign-in`, { method: "POST", headers: { ...asJson, origin: program.url }, body });
  const answer = await ask();
  expect(answer.status, answer.text).toBe(200);
  const cookie = String(answer.headers["set-cookie"]?.[0]);
  expect(cookie).toMatch(/; *HttpOnly/i);
  expect(cookie).toMatch(/; *SameSite=(Lax|Strict)/i);
  // A token works once.
  expect((await ask()).status).toBe(401);
  return cookie.split(";")[0] ?? "";
}

test("who is not signed in, comes by another name, or is sent by another site gets nothing", async () => {
  const cookie = await signIn();
  const patch = { method: "PATCH", body: '{"title":"renamed by a stranger"}' };
  const where = `/api/sessions/${session.id}`;
  expect(await status(where)).toBe(401);
  expect(await status(where, { headers: { authorization: "Bearer wrong" } })).toBe(401);
  expect(await status(where, { headers: { cookie: `${cookie}x` } })).toBe(401);
  expect(await status(where, { headers: { cookie } })).toBe(200);
  for (const host of ["evil.test", `evil.test:${program.port}`, "127.0.0.1:1"])
    expect([host, await status(where, { headers: { ...bearer(), host } })]).toEqual([host, 403]);
  const malformed = `127.0.0.1:${program.port}@evil.test`;
  expect(await status(where, { headers: { ...bearer(), host: malformed } })).toBe(400);
  for (const host of [`localhost:${program.port}`, `[::1]:${program.port}`])
    expect(await status(where, { headers: { ...bearer(), host } })).toBe(200);
  const forged: [Record<string, string>, number][] = [
    [{ cookie }, 403],
    [{ cookie, origin: "http://evil.test" }, 403],
    [{ cookie, origin: "null" }, 403],
    [{ cookie, origin: `${program.url}.evil.test` }, 403],
    [{ cookie, origin: program.url.replace("http:", "https:") }, 403],
    [{ cookie, origin: program.url, host: "evil.test" }, 403],
    [{ authorization: "Bearer wrong", cookie, origin: program.url }, 401],
    [{}, 401],
  ];
  for (const [headers, code] of forged)
    expect([headers, await status(where, { ...patch, headers: { ...asJson, ...headers } })]).toEqual([headers, code]);
  expect((await program.api<SessionView>("GET", where)).title).toBe("New session");
  expect(await status(where, { ...patch, headers: { ...asJson, cookie, origin: program.url } })).toBe(200);
  expect(await status(where, { ...patch, headers: { ...bearer(), "content-type": "text/plain" } })).toBe(415);
  expect(await status(where, { method: "PATCH", headers: { ...asJson, ...bearer() }, body: "{" })).toBe(400);
  expect(
    await status(where, {
      method: "PATCH",
      headers: { ...asJson, ...bearer() },
      body: `{"title":"${"x".repeat(2 ** 20)}"}`,
    }),
  ).toBe(413);
  // A link is for who has the token of scripts: a cookie makes none.
  expect(await status("/api/sign-in-links", { method: "POST", headers: { cookie, origin: program.url } })).toBe(403);
});

test("a file that is dropped keeps inside its place, whatever its name; nothing is overwritten", async () => {
  const uploads = path.join(program.dataDir, "uploads", session.shortId);
  const names = [
    "../../../token",
    "..\\..\\token",
    "/etc/passwd",
    "..",
    ".",
    "%2e%2e%2ftoken",
    "a b;$(touch x)`'\"\n.txt",
    "-rf",
    "ünï ☃.txt",
    "x".repeat(255),
  ];
  const before = program.token;
  for (const name of names) {
    const answer = await rawCall(`${program.url}/api/sessions/${session.id}/uploads?name=${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { ...bearer(), "content-type": "application/octet-stream" },
      body: Buffer.from(`of ${name}`),
    });
    expect([name, answer.status]).toEqual([name, 201]);
    const { path: place } = JSON.parse(answer.text) as { path: string };
    expect(path.dirname(place)).toBe(uploads);
    expect(path.basename(place)).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u);
    expect(readFileSync(place, "utf8")).toBe(`of ${name}`);
  }
  expect(readdirSync(uploads)).toHaveLength(names.length);
  expect(program.token).toBe(before);
  expect(statSync(uploads).mode & 0o077).toBe(0);
  const post = (where: string, headers: Record<string, string>) =>
    status(where, { method: "POST", headers, body: Buffer.from("x") });
  expect(await post(`/api/sessions/${session.id}/uploads?name=`, bearer())).toBe(400);
  expect(await post("/api/sessions/..%2f..%2f/uploads?name=x", bearer())).toBe(404);
  expect(await post(`/api/sessions/${session.id}/uploads?name=x`, { cookie: "none" })).toBe(401);
});

test("addresses with dots, slashes and NULs reach no file", async () => {
  for (const where of [
    "/..%2f..%2f..%2fetc/passwd",
    "/_next/..%2f..%2fpackage.json",
    "/_next/static/..%2f..%2f..%2fserver.mjs",
    "/api/..%2ftoken",
    "/%00",
    "//etc/passwd",
    "/_next/static/%2e%2e/%2e%2e/BUILD_ID",
  ]) {
    const answer = await rawCall(`${program.url}${where}`, { headers: bearer() });
    expect([where, answer.status < 500]).toEqual([where, true]);
    expect(answer.text).not.toMatch(/root:|"devDependencies"|TRELLIS_/);
    if (answer.status === 200) expect(answer.text).toContain("<html");
  }
});

test("a POST with an Idempotency-Key is carried out once; the key with another request is 409", async () => {
  const { repositoryId } = session;
  const headers = { "idempotency-key": "one and only" };
  const make = (title: string) => call(program, "POST", "/api/sessions", { body: { repositoryId, title }, headers });
  const answers = await Promise.all(Array.from({ length: 8 }, () => make("once")));
  const made = answers.filter(({ status: code }) => code === 201);
  expect(answers.filter(({ status: code }) => code !== 201 && code !== 409)).toEqual([]);
  const again = await make("once");
  expect(again.status).toBe(201);
  const ids = new Set([...made, again].map(({ body }) => (body as SessionView).id));
  expect(ids.size).toBe(1);
  expect(await make("another")).toMatchObject({ status: 409, code: "conflict" });
  const { items } = await program.api<{ items: SessionView[] }>("GET", "/api/sessions?q=once");
  expect(items.filter(({ title }) => title === "once")).toHaveLength(1);
  expect(
    await call(program, "POST", "/api/sessions", { body: {}, headers: { "idempotency-key": "k".repeat(300) } }),
  ).toMatchObject({ status: 400 });
});

test("[I7] a token in a clone URL is in no command line, no file, no log and no answer, and git still pushes with it", async () => {
  const secret = "sEcr3t-T0ken-0f-Ana";
  const remoteOfForge = makeGitRepository();
  const forge: GitHttpServer = await serveGitOverHttp(remoteOfForge, secret);
  const seen = new Set<string>();
  let watching = true;
  const watch = (async () => {
    while (watching) {
      for (const { argv } of processes()) if (argv.join(" ").includes(secret)) seen.add(argv.join(" "));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  try {
    const added = await call(program, "POST", "/api/repositories", {
      body: { cloneUrl: forge.urlWith("ana", secret) },
    });
    expect(added.status, added.message).toBe(201);
    expect((added.body as RepositoryView).cloneUrl).toBe(forge.url);
    const made = await program.api<SessionView>("POST", "/api/sessions", {
      repositoryId: (added.body as RepositoryView).id,
    });
    const active = await waitForPhase(program, made.id, "active");
    // Git as the person types it: from the cache, with no prompt.
    const client = new TerminalClient({ url: program.url, token: program.token, sessionId: made.id });
    client.connect();
    client.type("git commit -q --allow-empty -m typed && git push -q && echo pushed-$((40 + 2))\r");
    await client.until("the push", ({ tail }) => tail.includes("pushed-42"));
    expect(remoteOfForge.git("log", "-1", "--format=%s", active.branch).trim()).toBe("typed");
    await program.api("POST", `/api/sessions/${made.id}/end`, {});
    await waitForPhase(program, made.id, "ended");
    expect(forge.admitted()).toBeGreaterThan(2);

    expect(JSON.stringify(await program.api("GET", "/api/repositories"))).not.toContain(secret);
    expect(client.tail).not.toContain(secret);
    expect(program.log.join("\n")).not.toContain(secret);
    for (const text of [secret, Buffer.from(`ana:${secret}`).toString("base64")]) {
      const found = filesWith(program.home, text);
      expect(found).toEqual([]);
    }
    // A wrong one is refused without being repeated, and another's address gets nothing of it.
    const wrong = await call(program, "POST", "/api/repositories", {
      body: { cloneUrl: forge.urlWith("ana", `${secret}-not`) },
    });
    expect(wrong.status).toBe(422);
    expect(wrong.message).not.toContain(secret);
  } finally {
    watching = false;
    await watch;
    await forge.close();
    remoteOfForge.remove();
  }
  expect([...seen]).toEqual([]);
});

/** Searched as bytes, in the database and git's files alike. */
function filesWith(folder: string, text: string): string[] {
  if (!existsSync(folder)) return [];
  const env = { ...process.env, LC_ALL: "C" };
  try {
    return execFileSync("grep", ["-rlaF", "--devices=skip", "--", text, folder], {
      encoding: "utf8",
      stdio: "pipe",
      env,
    })
      .trim()
      .split("\n");
  } catch (error) {
    const { status, stdout, stderr } = error as { status?: number; stdout: string; stderr: string };
    if (status === 1) return [];
    // What goes away while it is looked for holds nothing any more.
    const isGone = (line: string) => line.endsWith(": No such file or directory");
    if (status === 2 && stderr.trim().split("\n").every(isGone)) return stdout.trim().split("\n").filter(Boolean);
    throw error;
  }
}
