import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { SessionView } from "../server/protocol/api";
import { call } from "./support/call";
import { makeGitRepository } from "./support/git-repository";
import { holderOf, markedWith } from "./support/processes";
import { Program } from "./support/program";
import { eventually, openSession, waitForPhase } from "./support/session";
import { mountSmallDisk } from "./support/small-disk";
import { startAttempt } from "./support/start-attempt";
import { TerminalClient } from "./support/terminal-client";

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "trellis-start-"));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A start that must end with 1, say why on stderr in one go, print no link, and leave no holder behind. */
async function refusedStart(env: Record<string, string>): Promise<string> {
  const dataDir = path.join(folder, "data");
  const ending = await startAttempt({ TRELLIS_DATA_DIR: dataDir, TRELLIS_PORT: "0", ...env });
  expect([ending.code, ending.stdout]).toEqual([1, ""]);
  expect(ending.stderr).toContain("Trellis cannot start:");
  expect(ending.stderr).not.toMatch(/\n\s+at .*:\d+/);
  return ending.stderr;
}

test("bad settings: every problem is listed at once, and no secret is repeated", async () => {
  const said = await refusedStart({
    TRELLIS_PORT: "70000",
    TRELLIS_HOST: "not a host",
    TRELLIS_URL: "ftp://x/y",
    TRELLIS_DATA_DIR: "relative",
    DATABASE_URL: "mysql://user:hunter2@db/x",
    TRELLIS_SECRET_KEY: "hunter3",
    TRELLIS_POLL_SECONDS: "soon",
    TRELLIS_TERMINAL_LOG_MIB: "-1",
    TRELLIS_LOG_LEVEL: "loud",
    TRELLIS_SIGN_IN_LINK: "maybe",
  });
  expect(said.split("\n").filter((line) => line.startsWith("  "))).toEqual([
    "  TRELLIS_HOST must be a host name or an address to listen on",
    "  TRELLIS_PORT must be a whole number from 0 to 65535",
    "  TRELLIS_URL must be an origin such as https://trellis.example.com, without a path",
    "  TRELLIS_DATA_DIR must be an absolute path",
    "  DATABASE_URL must begin with file: or postgresql://",
    "  TRELLIS_SECRET_KEY must be 32 bytes in base64 (openssl rand -base64 32)",
    "  TRELLIS_SIGN_IN_LINK must be on or off",
    "  TRELLIS_POLL_SECONDS must be a whole number from 5 to 86400",
    "  TRELLIS_TERMINAL_LOG_MIB must be a whole number from 2 to 1024",
    "  TRELLIS_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent",
  ]);
  expect(said).not.toContain("hunter");
});

test("a port in use is named; the data directory is free again afterwards", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const address = other.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const dataDir = path.join(folder, "data");
  try {
    expect(await refusedStart({ TRELLIS_PORT: port })).toMatch(
      new RegExp(`port ${port}.* in use|127.0.0.1:${port}.* in use`, "i"),
    );
    // The second start meets no lock of the first.
    expect(await refusedStart({ TRELLIS_PORT: port })).not.toContain("already runs");
    expect(existsSync(path.join(dataDir, "server.json"))).toBe(false);
  } finally {
    other.close();
    expect(await startAttempt({ TRELLIS_DATA_DIR: dataDir }, { script: "stop-all" })).toMatchObject({ code: 0 });
    expect(holderOf(dataDir)).toBeNull();
  }
});

test("a damaged database file is refused by name and not touched; with the good one back all is there", async () => {
  const program = await Program.create();
  const remote = makeGitRepository();
  try {
    const session = await openSession(program, remote);
    expect(await program.stop()).toBe(0);
    const file = path.join(program.dataDir, "trellis.db");
    // A stopped server leaves one whole file.
    expect(existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0).toBe(false);
    copyFileSync(file, path.join(folder, "good.db"));
    const good = readFileSync(file);
    const torn = Buffer.concat([good.subarray(0, 4096), Buffer.alloc(good.length - 4096, 0x5a)]);
    for (const bad of [Buffer.from("this is no database, though it is long enough to be one".repeat(99)), torn]) {
      writeFileSync(file, bad);
      const said = await refusedStart({ TRELLIS_DATA_DIR: program.dataDir });
      expect(said).toContain(`the database ${file} is damaged`);
      expect(said).toContain("restore it from a backup");
      expect(readFileSync(file).equals(bad)).toBe(true);
    }
    // What ran goes on all the while.
    expect(markedWith(session.id).length).toBeGreaterThan(0);
    copyFileSync(path.join(folder, "good.db"), file);
    await program.start();
    expect((await waitForPhase(program, session.id, "active")).branch).toBe(session.branch);
  } finally {
    await program.destroy();
    remote.remove();
  }
});

test("places that cannot hold a data directory or a database are refused in words", async () => {
  writeFileSync(path.join(folder, "file"), "");
  mkdirSync(path.join(folder, "dir.db"));
  expect(await refusedStart({ TRELLIS_DATA_DIR: path.join(folder, "file") })).toMatch(
    /The data directory .* cannot be used: .*Set TRELLIS_DATA_DIR/s,
  );
  expect(await refusedStart({ DATABASE_URL: `file:${path.join(folder, "dir.db")}` })).toContain("is a directory");
  expect(await refusedStart({ DATABASE_URL: `file:${path.join(folder, "no", "where.db")}` })).toContain(
    "does not exist",
  );
  expect(await refusedStart({ DATABASE_URL: "postgresql://ana:hunter2@127.0.0.1:1/x" })).not.toContain("hunter2");
});

test("a read-only data directory is refused in words", async () => {
  const disk = mountSmallDisk(16);
  if ("reason" in disk) return test.skip(true, disk.reason);
  try {
    mkdirSync(path.join(disk.place, "data"));
    disk.readOnly();
    for (const name of ["data", "new"]) {
      const said = await refusedStart({ TRELLIS_DATA_DIR: path.join(disk.place, name) });
      expect(said).toContain(`The data directory ${path.join(disk.place, name)} cannot be used`);
      expect(said).toMatch(/read-?only|EROFS/i);
    }
  } finally {
    disk.remove();
  }
});

test("a second server on one data directory refuses, names the first, and disturbs nothing", async () => {
  const program = await Program.create();
  try {
    const holder = holderOf(program.dataDir);
    const said = await refusedStart({ TRELLIS_DATA_DIR: program.dataDir });
    expect(said.trim()).toBe(
      `Trellis cannot start: A Trellis server already runs on ${program.dataDir}: process ${program.pid} at ${program.url}. Use it, end it, or set TRELLIS_DATA_DIR to another directory.`,
    );
    expect((await call(program, "GET", "/api/ready")).status).toBe(200);
    expect(holderOf(program.dataDir)).toBe(holder);
    const link = await startAttempt({ TRELLIS_DATA_DIR: program.dataDir }, { script: "sign-in" });
    expect(link.stdout).toMatch(new RegExp(`^${program.url}/sign-in#\\S+\n$`));
  } finally {
    await program.destroy();
  }
});

test("a full disk: what cannot be kept is refused in words, terminals go on, and room makes all well again", async () => {
  const disk = mountSmallDisk(96);
  if ("reason" in disk) return test.skip(true, disk.reason);
  const remote = makeGitRepository();
  const program = await Program.create({}, disk.place);
  const filling = path.join(disk.place, "filling");
  try {
    const session = await openSession(program, remote);
    const terminal = new TerminalClient({ url: program.url, token: program.token, sessionId: session.id });
    terminal.connect();
    await terminal.until("attached", ({ attached }) => attached !== null);
    const work = path.join(session.worktreePath ?? "", "work.txt");
    writeFileSync(work, "not to be lost\n".repeat(1_000));

    fill(filling);
    terminal.type("echo still-$((40 + 2))\r");
    await terminal.until("the shell's answer", ({ tail }) => tail.includes("still-42"));
    const refused = await call(program, "POST", "/api/repositories", { body: { cloneUrl: `${remote.url}/.` } });
    expect(refused).toMatchObject({
      status: 503,
      code: "unavailable",
      message: "The disk that holds the database is full: make room, then try again.",
    });
    await call(program, "POST", `/api/sessions/${session.id}/end`, { body: {} });
    const seen = await call(program, "GET", `/api/sessions/${session.id}`);
    if (seen.status === 200) expect((seen.body as SessionView).phase).not.toBe("ended");
    expect(readFileSync(work, "utf8")).toContain("not to be lost");

    rmSync(filling);
    const ask = () => program.api<SessionView>("GET", `/api/sessions/${session.id}`);
    let now = await eventually(ask, ({ phase }) => phase === "active" || phase === "failed" || phase === "ended");
    if (now.phase === "active") await program.api("POST", `/api/sessions/${session.id}/end`, {});
    if (now.phase === "failed") await program.api("POST", `/api/sessions/${session.id}/retry`, {});
    now = await waitForPhase(program, session.id, "ended");
    const tree = now.rescueRefs.find(({ ref }) => ref.endsWith("/worktree"));
    expect(tree).toBeDefined();
    expect(readFileSync(path.join(now.setAsidePath ?? "", "work.txt"), "utf8")).toContain("not to be lost");
    const next = await openSession(program, remote);
    expect(next.phase).toBe("active");
  } finally {
    console.log(
      program.log
        .filter((line) => /"level":(50|60)/.test(line))
        .slice(0, 10)
        .join("\n"),
    );
    rmSync(filling, { force: true });
    await program.destroy();
    remote.remove();
    disk.remove();
  }
});

/** Until not one byte more goes on the disk: what fits of the last write is kept. */
function fill(file: string): void {
  // More than all of it: what others free meanwhile makes no difference.
  const { blocks, bsize } = statfsSync(path.dirname(file));
  expect(() => writeFileSync(file, Buffer.alloc((blocks + 1) * bsize))).toThrow("ENOSPC");
}
