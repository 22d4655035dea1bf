import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TestHolder, type TestLink, textOf } from "./testing/test-holder";

let holder: TestHolder;
let link: TestLink;
beforeAll(async () => {
  holder = new TestHolder();
  await TestHolder.build(holder.program);
  await holder.start({
    NODE_ENV: "production",
    npm_config_x: "1",
    DATABASE_URL: "file:secret",
    TRELLIS_SECRET_KEY: "k",
  });
  link = await holder.link();
});
afterAll(() => holder.close());

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 10 });
const end = (processId: string) => link.ask({ op: "kill", processId, graceMs: 200 });

test("what a program prints comes numbered from 0, and its exit after it", async () => {
  const state = await link.shell("print", ["sh", "-c", "printf hello; exit 3"]);
  const seen = link.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  expect(textOf(seen)).toBe("hello");
  expect(seen.records).toEqual([
    { kind: "resized", offset: 0, cols: 80, rows: 24 },
    { kind: "resized", offset: 0, cols: 80, rows: 24 },
    { kind: "exit", offset: 5, exit: { code: 3, signal: null, reason: "exited" } },
  ]);
});

test("[I7] the environment is what was asked for, TERM and its kin, and the mark: nothing of the holder's", async () => {
  const env = { PATH: process.env["PATH"] ?? "", FOO: "bar", LC_ALL: "C" };
  const state = await link.shell("env", ["env"], { env });
  const seen = link.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  const names = textOf(seen).trim().split("\r\n").sort();
  expect(names.map((line) => line.split("=")[0])).toEqual(
    ["COLORTERM", "FOO", "LANG", "PATH", "PWD", "TERM", "TRELLIS_SESSION", "TRELLIS_TERMINAL"].sort(),
  );
  expect(names).toContain("TERM=xterm-256color");
  expect(names).toContain("LANG=C.UTF-8");
  expect(names).toContain(`TRELLIS_SESSION=${link.own("s1")}`);
  expect(names).toContain(`TRELLIS_TERMINAL=${link.own("env")}`);
  const ran = await link.run(["/usr/bin/env"], { env: { ONLY: "this" } });
  expect(ran.stdout).toBe("ONLY=this\n");
});

test("no descriptor of the holder reaches a program", async () => {
  const state = await link.shell("descriptors", [
    "sh",
    "-c",
    "ls -l /proc/self/fd | grep -c -e ptmx -e holder -e socket",
  ]);
  const seen = link.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  expect(textOf(seen).trim()).toBe("0");
});

test("a program, shell or directory that is not there cannot start, and why is said", async () => {
  await expect(link.shell("no1", ["not-a-program"])).rejects.toThrow("cannot-start: the program not-a-program is not");
  await expect(link.shell("no3", null, { cwd: "/no/dir" })).rejects.toThrow("the directory /no/dir is not there");
  expect(await link.ask({ op: "find", processId: "no1" })).toEqual({ process: null });
});

test("a shell that is named and not there gives way to one that is, which programs then see as theirs", async () => {
  const env = { PATH: process.env["PATH"] ?? "", SHELL: "/no/shell" };
  const state = await link.shell("other-shell", null, { env });
  const seen = link.follow(state);
  link.type(state, "echo [$SHELL]\n", 0);
  await until(() => expect(textOf(seen)).toMatch(/\[\/bin\/[a-z]+\]/));
  await end("other-shell");
});

test("a notice is the first of a program's output, counted and kept with it", async () => {
  const state = await link.shell("noticed", ["sh", "-c", "echo own"], { notice: "It was at rest.\nüber" });
  const seen = link.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  const words = "It was at rest.\r\nüber\r\nown\r\n";
  expect(textOf(seen)).toBe(words);
  expect(seen.records.at(-1)).toMatchObject({ kind: "exit", offset: Buffer.byteLength(words) });
  expect((await link.snapshot(state)).bytes.toString()).toContain("It was at rest.");
});

test("the login shell of the account starts as one, and opening it again gives the same one", async () => {
  const env = { PATH: process.env["PATH"] ?? "", SHELL: "/bin/bash", HOME: "/nonexistent" };
  const [one, two] = await Promise.all([link.shell("login", null, { env }), link.shell("login", null, { env })]);
  expect(two.epoch).toBe(one.epoch);
  const seen = link.follow(one);
  link.type(one, "shopt -q login_shell && echo is-login\n", 0);
  await until(() => expect(textOf(seen)).toMatch(/[^ ]is-login\r\n/));
  await end("login");
  const again = await link.shell("login", null, { env });
  expect(again.epoch).not.toBe(one.epoch);
  await expect(link.ask({ op: "input-offset", processId: "login", epoch: one.epoch, clientId: "c1" })).rejects.toThrow(
    "other-epoch",
  );
  await end("login");
});

test("the last bytes before an exit are never lost", async () => {
  const file = `${holder.dir}/tail.txt`;
  writeFileSync(file, "x".repeat(300_000));
  const command = ["cat", file];
  const rounds = Array.from({ length: 20 }, async (_, round) => {
    const seen = link.follow(await link.shell(`tail-${round}`, command));
    await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
    return seen.length;
  });
  expect(await Promise.all(rounds)).toEqual(Array(20).fill(300_000));
});

test("keys reach the program once, and are acknowledged; a hole is refused and said", async () => {
  const state = await link.shell("keys", ["sh", "-c", "stty -echo; echo ready; exec cat"]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toBe("ready\r\n"));
  link.type(state, "one\n", 0);
  link.type(state, "one\ntwo\n", 0);
  link.type(state, "lost\n", 100);
  // By cat alone: with the terminal's own echo, two would write at once.
  await until(() => expect(textOf(seen)).toBe("ready\r\none\r\ntwo\r\n"));
  const told = () => link.events.filter(({ handle }) => handle === state.handle).map(({ event }) => event.kind);
  await until(() => expect(told()).toEqual(["warning"]));
  expect(link.acks.filter(({ handle }) => handle === state.handle).at(-1)?.position).toBe(8);
  const asked = { op: "input-offset", processId: "keys", epoch: state.epoch } as const;
  expect(await link.ask({ ...asked, clientId: "c1" })).toEqual({ position: 8 });
  expect(await link.ask({ ...asked, clientId: "c2" })).toEqual({ position: null });
  await end("keys");
});

test("a paste into a program that reads nothing stops nothing else, and arrives when it reads", async () => {
  const goOn = join(holder.dir, "go-on");
  const program = 'stty raw -echo; echo deaf; until [ -e "$0" ]; do sleep 0.05; done; head -c 200000 | wc -c';
  const state = await link.shell("deaf", ["sh", "-c", program, goOn]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toContain("deaf"));
  for (let at = 0; at < 200_000; at += 50_000) link.type(state, Buffer.alloc(50_000, "p"), at);
  const other = link.follow(await link.shell("beside", ["echo", "beside"]));
  await until(() => expect(textOf(other)).toBe("beside\r\n"));
  expect(seen.records.at(-1)?.kind).not.toBe("exit");
  writeFileSync(goOn, "");
  await until(() => expect(textOf(seen)).toContain("200000"));
});

test("sizes and the exit stand in the log where they happened", async () => {
  const state = await link.shell("sizes", ["bash", "--norc", "-i"]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toContain("$ "));
  await link.ask({ op: "resize", processId: "sizes", epoch: state.epoch, cols: 100, rows: 30 });
  link.type(state, "stty size\n", 0);
  // With the prompt after it: nothing more is to come.
  await until(() => expect(textOf(seen)).toMatch(/30 100\r\n[\s\S]*\$ $/));
  const resized = seen.records.at(-1);
  expect(resized).toMatchObject({ kind: "resized", cols: 100, rows: 30 });
  const slice = await link.readLog(state, 0);
  expect(slice.bytes.toString()).toBe(textOf(seen));
  expect(slice.records.at(-1)).toEqual(resized);
  const from = resized?.kind === "resized" ? resized.offset + 1 : 0;
  const late = await link.readLog(state, from, 5);
  expect(late.records[0]).toEqual({ kind: "resized", offset: from, cols: 100, rows: 30 });
  expect(late.bytes).toEqual(slice.bytes.subarray(from, from + 5));
  await end("sizes");
});

test("queries are answered once, in the order that they were asked", async () => {
  const answers = ["\x1b[1;1R", "\x1b[?2026;2$y", "\x1b[?1;2c", "\x1b]11;rgb:0707/0808/0b0b\x07", "\x1b[1;1R"].join("");
  const script = [
    "stty raw -echo",
    "printf '\\033[6n\\033[?2026$p\\033[c\\033]11;?\\007\\033[6n'",
    `head -c ${answers.length} | od -An -v -tx1`,
    "stty min 0 time 2; od -An -v -tx1",
  ].join("; ");
  const seen = link.follow(await link.shell("query", ["sh", "-c", script]));
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  const heard = textOf(seen).split("\x1b[6n").at(-1)?.replace(/\s/g, "") ?? "";
  expect(Buffer.from(heard, "hex").toString("latin1")).toBe(answers);
});

test("titles, directories and bells are told, and kept in the state", async () => {
  const state = await link.shell("title", [
    "sh",
    "-c",
    "printf '\\033]2;busy\\007\\033]7;file://h/srv\\007\\007'; cat",
  ]);
  await until(() => {
    const kinds = link.events.filter(({ handle }) => handle === state.handle).map(({ event }) => event.kind);
    expect(kinds).toEqual(["title", "cwd", "bell"]);
  });
  expect(await link.ask({ op: "find", processId: "title" })).toMatchObject({ process: { title: "busy", cwd: "/srv" } });
  await end("title");
});

test("a program that was ended is told as killed, one that was not as exited by its signal", async () => {
  const state = await link.shell("ends", ["sleep", "100"]);
  await link.ask({ op: "kill", processId: "ends", graceMs: 60_000 });
  expect(await link.ask({ op: "find", processId: "ends" })).toMatchObject({
    process: { pid: null, exit: { code: null, signal: "SIGTERM", reason: "killed", offset: 0 } },
  });
  expect(state.pid).not.toBeNull();
  const own = await link.shell("own", ["sh", "-c", "kill -9 $$"]);
  const seen = link.follow(own);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  expect(seen.records.at(-1)).toMatchObject({ exit: { code: null, signal: "SIGKILL", reason: "exited" } });
});

test("what was forgotten is unknown and leaves no file", async () => {
  const before = readdirSync(`${holder.dir}/state/processes`).length;
  await link.shell("forget", ["sh", "-c", "trap '' TERM HUP; echo here; cat"]);
  expect(readdirSync(`${holder.dir}/state/processes`).length).toBe(before + 1);
  await link.ask({ op: "forget", processId: "forget" });
  expect(await link.ask({ op: "find", processId: "forget" })).toEqual({ process: null });
  expect(readdirSync(`${holder.dir}/state/processes`).length).toBe(before);
});

test("a hundred orphans leave no zombie of ours", async () => {
  const script = "for n in $(seq 100); do (sleep 0.05 &) ; done; echo started";
  const seen = link.follow(await link.shell("orphans", ["sh", "-c", script]));
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  await link.ask({ op: "kill", processId: "orphans", graceMs: 500 });
  const zombies = readdirSync("/proc").filter((pid) => {
    if (!/^[0-9]+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state === "Z" && Number(parent) === holder.child?.pid;
    } catch {
      // It ended while we looked.
      return false;
    }
  });
  expect(zombies).toEqual([]);
});
