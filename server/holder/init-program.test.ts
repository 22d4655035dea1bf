import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildHolder } from "../../scripts/build-holder.mjs";

const deploy = resolve(import.meta.dirname, "../../deploy");
const hasCompiler = process.platform === "linux" && spawnSync("gcc", ["--version"]).status === 0;
const why = hasCompiler ? "" : " (skipped: no gcc here)";
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 10 });

describe.skipIf(!hasCompiler)(`the first program of a repo pod${why}`, () => {
  const root = mkdtempSync(join(tmpdir(), "init-"));
  const own = join(root, "opt");
  const init = join(own, "init");
  const places = { TRELLIS_WORKSPACE: join(root, "workspace"), TRELLIS_RUN: join(root, "run") };
  const socket = join(root, "run/holder.sock");
  const { NODE_ENV, PATH } = process.env;
  const env = { ...places, NODE_ENV, PATH };
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    const built = spawnSync(join(deploy, "init/build"), [init], { encoding: "utf8" });
    expect(built.stderr).toBe("");
    await buildHolder(join(own, "holder"));
    expect(spawnSync(join(deploy, "workspace/gather-node"), [own], { encoding: "utf8" })).toMatchObject({ status: 0 });
    mkdirSync(places.TRELLIS_WORKSPACE);
    mkdirSync(places.TRELLIS_RUN);
  });
  afterAll(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    rmSync(root, { recursive: true, force: true });
  });

  function start(args: string[], more: Record<string, string> = {}) {
    const child = spawn(init, args, { env: { ...env, ...more }, stdio: ["pipe", "pipe", "pipe"] });
    started.push(child);
    return child;
  }

  /** Answers all that comes on the holder's socket, until the test is over. */
  async function answering(work: (asked: Buffer) => string | Buffer, path = socket) {
    rmSync(path, { force: true });
    const server = createServer({ allowHalfOpen: true }, (peer) => {
      const parts: Buffer[] = [];
      peer.on("data", (part: Buffer) => parts.push(part));
      peer.on("end", () => peer.end(work(Buffer.concat(parts))));
    });
    server.listen(path);
    await once(server, "listening");
    return server;
  }

  test("serves: makes the volume's directories, starts the holder by its own loader, ends with it on TERM", async () => {
    const child = start(["serve"], { KUBERNETES_SERVICE_HOST: "10.0.0.1", OWN: "of the image", LD_PRELOAD: "" });
    await until(() => expect(existsSync(socket)).toBe(true));
    for (const name of ["repositories", "sessions", "ended", "uploads", "home"]) {
      expect(lstatSync(join(places.TRELLIS_WORKSPACE, name)).mode & 0o777).toBe(0o700);
    }
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    expect(await gone).toEqual([0, null]);
  });

  test("says what is wrong with the volume", () => {
    const serve = (workspace: string) =>
      spawnSync(init, ["serve"], { env: { ...env, TRELLIS_WORKSPACE: workspace }, encoding: "utf8" });
    expect(serve(join(root, "nowhere"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("needs a volume"),
    });
    const barred = join(root, "barred");
    mkdirSync(barred);
    chmodSync(barred, 0o500);
    // Nothing is barred from root.
    if (process.getuid?.() === 0) expect(serve("/proc/1/fdinfo").status).toBe(1);
    else expect(serve(barred).stderr).toContain("cannot be written by uid");
  });

  test("connects: waits for a holder on its way up, and carries megabytes both ways to the last byte", async () => {
    rmSync(socket, { force: true });
    const child = start(["connect"]);
    const received = text(child.stdout.setEncoding("latin1"));
    const sent = "0123456789abcdef".repeat(512 * 1024);
    child.stdin.end(sent);
    const server = await answering((asked) => Buffer.concat([asked, Buffer.from("!")]));
    expect((await received) === `${sent}!`).toBe(true);
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(0);
    server.close();
  });

  test("connects: ends when the holder does, though its own input goes on", async () => {
    rmSync(socket, { force: true });
    const server = createServer((peer) => peer.end("bye"));
    server.listen(socket);
    await once(server, "listening");
    const child = start(["connect"]);
    const gone = once(child, "exit");
    expect(await text(child.stdout)).toBe("bye");
    expect(await gone).toEqual([0, null]);
    server.close();
  });

  test("runs a program with the usual rights on what it makes, though the holder's own files are the owner's alone", () => {
    const strict = `umask 077; exec "${init}" run sh -c umask`;
    expect(spawnSync("sh", ["-c", strict], { env, encoding: "utf8" }).stdout.trim()).toBe("0022");
  });

  test("runs a program with its standard files only, and says what cannot be started", () => {
    const stdio: ("pipe" | "ignore")[] = ["ignore", "pipe", "pipe", "pipe", "pipe"];
    const listed = spawnSync(init, ["run", "sh", "-c", "ls /proc/$$/fd"], { env, stdio, encoding: "utf8" });
    expect(listed.stdout.trim().split("\n")).toEqual(["0", "1", "2"]);
    const missing = spawnSync(init, ["run", "no-such-program"], { env, encoding: "utf8" });
    expect(missing).toMatchObject({ status: 127, stderr: "cannot start no-such-program: No such file or directory\n" });
    expect(spawnSync(init, ["run", "sh", "-c", "exit 7"], { env }).status).toBe(7);
  });

  test("installs: a copy that runs by itself, with nothing left outside of it", () => {
    const target = join(root, "installed");
    const copied = spawnSync(init, ["install", target], { env, encoding: "utf8" });
    expect(copied).toMatchObject({ status: 0 });
    expect(lstatSync(join(target, "node/node")).isSymbolicLink()).toBe(false);
    expect(lstatSync(join(target, "bin/gh")).isSymbolicLink()).toBe(true);
    const node = spawnSync(join(target, "node/loader"), [
      "--library-path",
      join(target, "node/lib"),
      join(target, "node/node"),
      "-p",
      "6*7",
    ]);
    expect(node.stdout.toString()).toBe("42\n");
    expect(readFileSync(join(target, "holder/version"), "utf8")).toBe(
      readFileSync(join(own, "holder/version"), "utf8"),
    );
  });

  test("answers git with what the holder says, and asks for its own repository", async () => {
    const asked: string[] = [];
    const answer = (question: Buffer) => {
      asked.push(question.toString());
      return "username=ada\npassword=x\n";
    };
    const server = await answering(answer, join(places.TRELLIS_RUN, "sign-in.sock"));
    const child = spawn(join(own, "bin/git-credential-trellis"), ["r1", "get"], {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end("protocol=https\nhost=forge.example\n");
    expect(await text(child.stdout)).toBe("username=ada\npassword=x\n");
    expect(asked).toEqual(["op=get\nrepository=r1\nprotocol=https\nhost=forge.example\n\n"]);
    server.close();
  });

  test("a forge's tool is the next of its name, signed in by its own variables", async () => {
    const tools = join(root, "tools");
    mkdirSync(tools);
    const body = "#!/bin/sh\nenv | grep -E '^(GH|GITLAB|GITEA)_' | sort\n";
    for (const name of ["gh", "glab", "tea"]) writeFileSync(join(tools, name), body, { mode: 0o755 });
    symlinkSync(init, join(root, "gh"));
    const PATH = `${join(own, "bin")}:${root}:${tools}:${env.PATH}`;
    const said = { origin: "https://forge.example", host: "forge.example", password: "tok" };
    const call = async (name: string, host: string, own_env: Record<string, string> = {}) => {
      const words = { ...said, host, origin: `https://${host}` };
      const lines = Object.entries(words).map(([key, value]) => `${key}=${value}\n`);
      const server = await answering(() => lines.join(""), join(places.TRELLIS_RUN, "sign-in.sock"));
      const child = spawn(name, [], { env: { ...env, PATH, ...own_env }, stdio: ["ignore", "pipe", "inherit"] });
      const seen = (await text(child.stdout)).trim().split("\n");
      server.close();
      return seen;
    };
    expect(await call("gh", "github.com")).toEqual(["GH_TOKEN=tok"]);
    expect(await call("gh", "forge.example")).toEqual(["GH_ENTERPRISE_TOKEN=tok", "GH_HOST=forge.example"]);
    expect(await call("glab", "forge.example")).toEqual(["GITLAB_HOST=https://forge.example", "GITLAB_TOKEN=tok"]);
    expect(await call("tea", "forge.example")).toEqual([
      "GITEA_INSTANCE_URL=https://forge.example",
      "GITEA_SERVER_TOKEN=tok",
      "GITEA_SERVER_URL=https://forge.example",
      "GITEA_TOKEN=tok",
    ]);
    expect(await call("gh", "github.com", { GH_TOKEN: "a person's" })).toEqual(["GH_TOKEN=a person's"]);
    const none = spawnSync(join(own, "bin/tea"), [], { env: { ...env, PATH: join(own, "bin") }, encoding: "utf8" });
    expect(none).toMatchObject({ status: 127, stderr: "trellis: tea is not in this image\n" });
  });
});
