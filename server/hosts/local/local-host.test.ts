import { randomUUID } from "node:crypto";
import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { holderProtocol } from "../../protocol/holder-protocol";
import { Seen } from "../../terminals/pty-host.contract";
import { soon } from "../testing/link-fixture";
import { openLocalFixture } from "../testing/local-fixture";

// Programs are found by their marks on all of the machine: those of other tests are not these.
const [processId, sessionId] = [randomUUID(), randomUUID()];

let fixture: Awaited<ReturnType<typeof openLocalFixture>>;
beforeEach(async () => {
  fixture = await openLocalFixture();
});
afterEach(() => fixture.close());

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const echo = { command: ["sh", "-c", "stty raw -echo; printf ready; exec cat"], cwd: "/", env: {}, cols: 80, rows: 24 };
const typed = (position: number, word: string) => ({ clientId: "c", position, bytes: new TextEncoder().encode(word) });

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: over
  }
};

const holderPid = () => fixture.holderPid();

describe("this machine as a host", () => {
  test("what is made in the data directory is the owner's alone", async () => {
    await mkdir(fixture.dataDir, { mode: 0o755 });
    await fixture.open();
    for (const path of [".", "holder", "holder/state", "repositories", "worktrees", "ended", "uploads"]) {
      expect((await stat(join(fixture.dataDir, path))).mode & 0o777).toBe(0o700);
    }
    expect((await stat(fixture.socket)).mode & 0o777).toBe(0o600);
  });

  test("programs go on while no server is there, and the next one carries on from the byte where it was", async () => {
    const first = await fixture.open();
    const { epoch } = await first.ptys.open({ ...echo, processId, sessionId });
    const seen = new Seen(first.ptys, { processId, epoch, offset: 0 });
    await soon(() => expect(seen.text).toBe("ready"));
    first.ptys.write(processId, epoch, typed(0, "one "));
    await soon(() => expect(seen.text).toBe("readyone "));
    const pid = await holderPid();
    await first.close();

    const second = await fixture.open();
    expect(await holderPid()).toBe(pid);
    expect(await second.ptys.find(processId)).toMatchObject({ epoch, headOffset: 9 });
    const next = new Seen(second.ptys, { processId, epoch, offset: 9 });
    second.ptys.write(processId, epoch, typed(0, "one two"));
    await soon(() => expect(next.text).toBe("two"));
    expect(next.broken).toEqual([]);
  });

  test("two servers that start at once use one holder", async () => {
    const opened = await Promise.all([fixture.open({ serverNumber: 1 }), fixture.open({ serverNumber: 1 })]);
    await opened[0].ptys.open({ ...echo, processId, sessionId });
    expect((await opened[1].ptys.find(processId))?.exit).toBeNull();
  });

  test("a server with a smaller number is refused, told why, and still starts", async () => {
    const newer = await fixture.open({ serverNumber: 8 });
    const older = await fixture.open({ serverNumber: 7 });
    expect(older.host.state()).toMatchObject({ kind: "unreachable", reason: expect.stringContaining("server 8") });
    await expect(older.host.run(["true"])).rejects.toMatchObject({ code: "unavailable" });
    expect(newer.host.state().kind).toBe("reachable");
    await fixture.open({ serverNumber: 9 });
    await soon(() => expect(newer.host.state()).toMatchObject({ reason: expect.stringContaining("server 9") }));
  });

  test("[I7] git signs in at the holder, also at the next one, by a program whose place never changes", async () => {
    const first = await fixture.open();
    const credential = { origin: "https://forge.example", username: "ada", password: "s3cret" };
    await first.host.keepCredentials("r'1", [credential]);
    const helper = first.host.credentialHelper("r'1");
    const config = ["-c", "credential.helper=", "-c", `credential.${credential.origin}.helper=${helper}`];
    const input = new TextEncoder().encode("protocol=https\nhost=forge.example\n\n");
    const fill = async () => text((await first.host.run(["git", ...config, "credential", "fill"], { input })).stdout);
    expect(await fill()).toContain("username=ada\npassword=s3cret\n");
    const before = await holderPid();
    process.kill(before, "SIGKILL");
    await soon(async () => expect(await fill()).toContain("password=s3cret\n"));
    expect(await holderPid()).not.toBe(before);
    expect(first.host.credentialHelper("r'1")).toBe(helper);
  });

  test("a holder that is killed is replaced; what it held is told as lost, and the next program runs", async () => {
    const { ptys, host } = await fixture.open();
    const { epoch, pid } = await ptys.open({ ...echo, processId, sessionId });
    const seen = new Seen(ptys, { processId, epoch, offset: 0 });
    await soon(() => expect(seen.text).toBe("ready"));
    const holder = await holderPid();
    process.kill(holder, "SIGKILL");
    await vi.waitFor(() => expect(seen.last).toMatchObject({ kind: "exit", exit: { reason: "lost" } }));
    expect(seen.broken).toEqual([]);
    await soon(() => expect(isAlive(pid ?? 0)).toBe(false));
    expect(host.state().kind).toBe("reachable");
    expect(await holderPid()).not.toBe(holder);
    const again = await ptys.open({ ...echo, processId, sessionId });
    expect(again.epoch).not.toBe(epoch);
    expect(text((await host.run(["echo", "works"])).stdout)).toBe("works\n");
  });

  test("a newer server uses the older holder from its copy, and other copies go", async () => {
    const old = await fixture.open();
    const oldVersion = await fixture.version();
    await old.close();
    const newer = join(fixture.root, "newer");
    await cp(fixture.bundleDir, newer, { recursive: true });
    await writeFile(join(newer, "version"), "newer");
    const unused = join(fixture.dataDir, "holder", "unused");
    await cp(fixture.bundleDir, unused, { recursive: true });
    await writeFile(join(unused, "version"), "unused");

    const local = await fixture.open({ bundleDir: newer });
    expect(local.version()).toBe(oldVersion);
    await soon(async () => {
      const kept = await readdir(join(fixture.dataDir, "holder"));
      expect(kept.sort()).toEqual(
        [oldVersion, "git-credential", "holder.sock", "newer", "sign-in.sock", "state"].sort(),
      );
    });
    await local.shutdown(500);
    const next = await fixture.open({ bundleDir: newer });
    expect(next.version()).toBe("newer");
    await soon(async () => expect(await readdir(join(fixture.dataDir, "holder"))).not.toContain(oldVersion));
  });

  test("shutdown ends every program, then the holder", async () => {
    const { ptys, host, shutdown } = await fixture.open();
    const { pid } = await ptys.open({ ...echo, processId, sessionId });
    await soon(async () => expect(await host.programs(sessionId)).toHaveLength(1));
    const holder = await holderPid();
    await shutdown(2_000);
    await soon(() => expect([isAlive(pid ?? 0), isAlive(holder)]).toEqual([false, false]));
    await expect(host.run(["true"])).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a holder of another protocol is left alone until all is to be stopped: then it is ended too", async () => {
    const foreign = join(fixture.root, "foreign");
    await cp(fixture.bundleDir, foreign, { recursive: true });
    const program = await readFile(join(foreign, "holder.mjs"), "utf8");
    const changed = program.replaceAll(`holderProtocol = ${holderProtocol};`, "holderProtocol = 9;");
    expect(changed).not.toBe(program);
    await writeFile(join(foreign, "holder.mjs"), changed);
    await writeFile(join(foreign, "version"), "foreign");
    await fixture.open({ bundleDir: foreign });
    const holder = await holderPid();

    const { host, shutdown } = await fixture.open();
    expect(host.state()).toMatchObject({ kind: "unreachable", reason: expect.stringContaining("protocol") });
    expect(isAlive(holder)).toBe(true);
    await shutdown(500);
    await soon(() => expect(isAlive(holder)).toBe(false));
    const { host: fresh } = await fixture.open();
    expect(fresh.state().kind).toBe("reachable");
  });

  test("a data directory whose path is too long for a socket works all the same", async () => {
    const dataDir = join(fixture.root, "very-long-name".repeat(8));
    const { host, shutdown } = await fixture.open({ dataDir });
    expect(text((await host.run(["echo", "works"])).stdout)).toBe("works\n");
    expect(await readdir(join(dataDir, "holder"))).not.toContain("holder.sock");
    await shutdown(500);
  });

  test("a bundle that cannot run leaves the server up, with the reason as the host's state", async () => {
    const broken = join(fixture.root, "broken");
    await mkdir(broken);
    await writeFile(join(broken, "version"), "broken");
    await writeFile(join(broken, "holder.mjs"), "process.exit(3)");
    const { host } = await fixture.open({ bundleDir: broken, dataDir: join(fixture.root, "other") });
    expect(host.state()).toMatchObject({ kind: "unreachable", reason: expect.stringContaining("cannot be started") });
  });
});
