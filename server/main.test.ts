import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const program = path.join(root, "dist", "server.mjs");
const patience = { interval: 50 };

let home: string;
let env: Record<string, string>;
const running: { child: ChildProcess; over: Promise<unknown> }[] = [];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "trellis-main-"));
  const { PATH = "", USER = "root" } = process.env;
  env = {
    PATH,
    USER,
    HOME: home,
    TRELLIS_PORT: "0",
    TRELLIS_DATA_DIR: path.join(home, "data"),
    NODE_ENV: "production",
  };
});

afterEach(async () => {
  for (const { child, over } of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    // A server that still dies has the data directory yet.
    await over;
  }
  await begin([], "--stop-all").over;
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/** The built program as a process: `npm test` builds it first. */
function begin(change: [string, string][], ...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...env, ...Object.fromEntries(change) } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
  });
  const over = once(child, "close").then(([code]) => code as number | null);
  running.push({ child, over });
  return { child, said, over };
}

async function beginReady(...change: [string, string][]) {
  const server = begin(change);
  await vi.waitFor(() => expect(server.said.stdout, server.said.stderr).toContain("\n"), patience);
  const url = /(http:\S+)\/sign-in/.exec(server.said.stdout)?.[1] ?? "";
  return { ...server, url };
}

describe("the program", () => {
  test("is built: `npm run build` comes before its tests", () => expect(existsSync(program)).toBe(true));

  test("prints one line with a link that signs in, and ends with 0 when it is told to", async () => {
    const { child, said, over, url } = await beginReady();
    expect(said.stdout).toMatch(/^Trellis is ready: http:\/\/127\.0\.0\.1:\d+\/sign-in#[\w-]{43}\n$/);
    expect((await fetch(`${url}/api/ready`)).status).toBe(200);
    expect((await fetch(`${url}/`, { redirect: "manual" })).headers.get("location")).toBe("/sign-in");
    const page = await fetch(`${url}/sign-in`);
    expect([page.status, page.headers.get("content-security-policy")]).toEqual([
      200,
      expect.stringContaining("'sha256-"),
    ]);
    const link = begin([], "--sign-in");
    expect(await link.over).toBe(0);
    expect(link.said.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#[\w-]{43}\n$/);
    child.kill("SIGTERM");
    expect(await over).toBe(0);
    expect(said.stdout.split("\n")).toHaveLength(2);
    expect(said.stderr).not.toMatch(/"level":[56]0/);
    // Next's own words too: who reads the log reads JSON lines.
    for (const line of said.stderr.trim().split("\n")) expect(JSON.parse(line), line).toHaveProperty("msg");
    expect(existsSync(path.join(home, "data", "server.json"))).toBe(false);
  });

  test("a command that only asks says what is wrong, and nothing of a start", async () => {
    const link = begin([], "--sign-in");
    expect([await link.over, link.said.stdout]).toEqual([1, ""]);
    expect(link.said.stderr).toMatch(/^No Trellis server runs on .*: start it with `npm start`\.\n$/);
  });

  test("killed with -9, the next one takes over at once; a second beside it is refused", async () => {
    const first = await beginReady();
    first.child.kill("SIGKILL");
    await first.over;
    const second = await beginReady();
    const third = begin([]);
    expect(await third.over).toBe(1);
    expect(third.said.stderr).toContain(`process ${second.child.pid} at ${second.url}`);
    expect(third.said.stdout).toBe("");
  });

  test("lists every bad setting and does not start", async () => {
    const server = begin([
      ["TRELLIS_PORT", "high"],
      ["DATABASE_URL", "mysql://u:secret@h/d"],
    ]);
    expect(await server.over).toBe(1);
    expect(server.said.stderr).toMatch(/TRELLIS_PORT must be a whole number[\s\S]*DATABASE_URL must begin with/);
    expect(server.said.stderr).not.toContain("secret");
  });

  test("names a port in use, ends with 1, and leaves the data directory free", async () => {
    const first = await beginReady();
    const { port } = new URL(first.url);
    const other = begin([
      ["TRELLIS_PORT", port],
      ["TRELLIS_DATA_DIR", path.join(home, "other")],
    ]);
    expect(await other.over).toBe(1);
    expect(other.said.stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    const stop = begin([["TRELLIS_DATA_DIR", path.join(home, "other")]], "--stop-all");
    expect([await stop.over, stop.said.stderr]).toEqual([0, expect.not.stringContaining('"level":50')]);
  });

  test("a corrupt database is named, and nothing of it is touched", async () => {
    const database = path.join(home, "corrupt.db");
    await writeFile(database, "this is no database, and long enough to be looked at\n".repeat(200));
    const server = begin([["DATABASE_URL", `file:${database}`]]);
    expect(await server.over).toBe(1);
    expect(server.said.stderr).toMatch(/Trellis cannot start: .*corrupt\.db/);
    expect(await readFile(database, "utf8")).toContain("this is no database");
  });

  test("told to end while it starts, it ends with 0 and leaves the data directory free", async () => {
    const server = begin([]);
    await vi.waitFor(() => expect(existsSync(path.join(home, "data", "server.json"))).toBe(true), patience);
    server.child.kill("SIGTERM");
    expect([await server.over, server.said.stdout]).toEqual([0, expect.not.stringContaining("cannot")]);
    expect(existsSync(path.join(home, "data", "server.json"))).toBe(false);
  });

  test("with TRELLIS_SIGN_IN_LINK=off no token is printed", async () => {
    const { said, url } = await beginReady(["TRELLIS_SIGN_IN_LINK", "off"]);
    expect(said.stdout).toBe(`Trellis is ready: ${url}/sign-in\n`);
  });

  test("stop-all ends the server and then the holder with it", async () => {
    const server = await beginReady();
    const lock = JSON.parse(await readFile(path.join(home, "data", "server.json"), "utf8"));
    expect(lock.pid).toBe(server.child.pid);
    const stop = begin([], "--stop-all");
    expect([await stop.over, stop.said.stderr]).toEqual([0, expect.any(String)]);
    expect(await server.over).toBe(0);
    expect(stop.said.stdout).toContain("The holder and all that ran in it are ended.");
  });
});
