import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { LossView, NotificationView, SessionView, TerminalView } from "../server/protocol/api";
import { call } from "./support/call";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { holderOf, isAlive, markedWith, processes } from "./support/processes";
import { Program } from "./support/program";
import { eventually, openSession, waitForPhase } from "./support/session";
import { startAttempt } from "./support/start-attempt";
import { TerminalClient } from "./support/terminal-client";

let program: Program;
let remote: GitRepository;
test.beforeAll(async () => {
  program = await Program.create();
  remote = makeGitRepository();
});
test.afterAll(async () => {
  await program.destroy();
  remote.remove();
});

const terminals = (id: string) => `/api/sessions/${id}/terminals`;
const read = (id: string) => program.api<SessionView>("GET", `/api/sessions/${id}`);
const readTerminal = async (session: SessionView, id: string) =>
  (await program.api<{ items: TerminalView[] }>("GET", terminals(session.id))).items.find((each) => each.id === id);
const openTerminal = (session: SessionView, command?: string[]) =>
  program.api<TerminalView>("POST", terminals(session.id), command === undefined ? {} : { command });

async function view(session: SessionView, terminalId?: string): Promise<TerminalClient> {
  const { url, token } = program;
  const client = new TerminalClient({
    url,
    token,
    sessionId: session.id,
    ...(terminalId === undefined ? {} : { terminalId }),
  });
  client.connect();
  await client.until("attached", ({ attached }) => attached !== null);
  return client;
}

async function answers(client: TerminalClient, word: string): Promise<void> {
  client.type(`echo ${word}-$((40 + 2))\r`);
  await client.until(`the answer ${word}`, ({ tail }) => tail.includes(`${word}-42`));
}

test("a program that is not there is refused by name, and leaves no terminal", async () => {
  const session = await openSession(program, remote);
  for (const name of ["/nonexistent/shell", "no-such-program", "/etc/passwd", "/"]) {
    const answer = await call(program, "POST", terminals(session.id), { body: { command: [name, "-x"] } });
    expect([answer.status, answer.code]).toEqual([422, "refused"]);
    expect(answer.message).toContain(`the program ${name} is not there or may not be run`);
  }
  expect((await call(program, "POST", terminals(session.id), { body: { command: ["a\0b"] } })).status).toBeLessThan(
    500,
  );
  expect((await program.api<{ items: TerminalView[] }>("GET", terminals(session.id))).items).toHaveLength(1);
});

test("where the login shell is not there another one runs, and the session can be ended", async () => {
  const another = await Program.create({ SHELL: "/nonexistent/zsh" });
  const ask = (id: string) => another.api<SessionView>("GET", `/api/sessions/${id}`);
  try {
    const { id: repositoryId } = await another.api<{ id: string }>("POST", "/api/repositories", {
      cloneUrl: remote.url,
    });
    const made = await another.api<SessionView>("POST", "/api/sessions", { repositoryId });
    await waitForPhase(another, made.id, "active");
    const client = new TerminalClient({ url: another.url, token: another.token, sessionId: made.id });
    client.connect();
    await client.until("attached", (it) => it.attached !== null);
    client.type("echo it-is-$SHELL-$((6*7))\r");
    await client.until("a shell's answer", (it) => /it-is-\/bin\/(ba)?sh-42/.test(it.tail));
    client.drop();
    await another.api("POST", `/api/sessions/${made.id}/end`, {});
    await eventually(
      () => ask(made.id),
      ({ phase }) => phase === "ended",
    );
  } finally {
    await another.destroy();
  }
});

test("`exit 3`: the code is told to viewers, again on every attach, and in the API; a new shell is one call", async () => {
  const session = await openSession(program, remote);
  const id = session.terminals[0]?.id ?? "";
  const client = await view(session);
  client.type("exit 3\r");
  await client.until("the exit", ({ exit }) => exit !== null);
  expect(client.exit).toMatchObject({ offset: client.offset, exit: { code: 3, signal: null, reason: "exited" } });
  const late = await view(session);
  await late.until("the exit", ({ exit }) => exit !== null);
  expect(late.exit?.exit).toEqual({ code: 3, signal: null, reason: "exited" });
  await eventually(
    () => readTerminal(session, id),
    (seen) => seen?.state === "exited" && seen.exit?.code === 3,
  );
  expect((await read(session.id)).phase).toBe("active");
  const epoch = client.attached?.epoch;
  await program.api("POST", `${terminals(session.id)}/${id}/restart`);
  await client.until("a new epoch", ({ attached }) => attached?.epoch !== epoch);
  await answers(client, "again");
  expect(client.faults).toEqual([]);
});

test("kill -9 of the shell: told as killed by its signal, and a new shell is one call", async () => {
  const session = await openSession(program, remote);
  const id = session.terminals[0]?.id ?? "";
  const client = await view(session);
  client.type("kill -9 $$\r");
  await client.until("the exit", ({ exit }) => exit !== null);
  expect(client.exit?.exit).toMatchObject({ signal: "SIGKILL" });
  const epoch = client.attached?.epoch;
  await program.api("POST", `${terminals(session.id)}/${id}/restart`);
  await client.until("a new epoch", ({ attached }) => attached?.epoch !== epoch);
  await answers(client, "new");
});

test("children left behind (nohup, setsid, double fork, clean environment) are shown, and ended at the end", async () => {
  const session = await openSession(program, remote);
  const client = await view(session);
  const script = path.join(program.home, "leave.sh");
  const lines = [
    "nohup sleep 3001 >/dev/null 2>&1 &",
    "setsid sleep 3002 >/dev/null 2>&1 </dev/null &",
    "( ( setsid sh -c 'trap \"\" TERM HUP; sleep 3003' >/dev/null 2>&1 </dev/null & ) & )",
    "( trap '' HUP; exec sleep 3004 ) &",
  ];
  writeFileSync(script, `${lines.join("\n")}\nwait %2 2>/dev/null; echo left\n`);
  client.type(`sh ${script} &\r`);
  const sleeping = (seconds: string) =>
    markedWith(session.id).filter(({ argv }) => argv[0] === "sleep" && argv[1] === seconds);
  const all = ["3001", "3002", "3003", "3004"];
  await eventually(
    async () => all.filter((each) => sleeping(each).length === 1),
    (found) => found.length === all.length,
  );
  const pids = all.flatMap((each) => sleeping(each).map(({ pid }) => pid));
  client.type("exit\r");
  client.type("exit\r");
  await client.until("the exit", ({ exit }) => exit !== null);

  const loss = await program.api<LossView>("GET", `/api/sessions/${session.id}/loss`);
  const commands = loss.programs.state === "known" ? loss.programs.value.map(({ command }) => command) : [];
  const left = all.filter((each) => sleeping(each).length > 0);
  expect(left).toEqual(expect.arrayContaining(["3001", "3002", "3003"]));
  for (const each of left) expect(commands.join("\n")).toContain(`sleep ${each}`);
  await program.api("POST", `/api/sessions/${session.id}/end`, {});
  await waitForPhase(program, session.id, "ended");
  expect(pids.filter(isAlive)).toEqual([]);
  expect(markedWith(session.id)).toEqual([]);
});

/** Up to which byte the output log with the text is on disk: its files are named by the offset they begin at. */
function endOnDisk(folder: string, text: string): number | null {
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!/^\d+\.bytes$/.test(name)) continue;
    const bytes = readFileSync(path.join(parentPath, name));
    if (bytes.includes(text)) return Number.parseInt(name, 10) + bytes.length;
  }
  return null;
}

test("kill -9 of the holder: each terminal says at which byte it was lost, restarts, and the session goes on", async () => {
  const session = await openSession(program, remote);
  const id = session.terminals[0]?.id ?? "";
  const client = await view(session);
  await answers(client, "before");
  const holder = holderOf(program.dataDir);
  const shells = markedWith(session.id).map(({ pid }) => pid);
  expect(holder).not.toBeNull();
  expect(shells.length).toBeGreaterThan(0);
  // What was printed within the last moments may be lost with the holder: all of it is to be kept, the prompt too.
  await client.until("the prompt", ({ tail }) => /before-42\r\n[\s\S]*[$#] $/.test(tail));
  await expect.poll(() => endOnDisk(path.join(program.dataDir, "holder"), "before-42") === client.offset).toBe(true);
  process.kill(holder ?? 0, "SIGKILL");

  await client.until("what was lost", ({ exit }) => exit !== null);
  expect(client.exit?.exit).toMatchObject({ reason: "lost" });
  expect(client.exit?.offset).toBe(client.offset);
  await eventually(
    () => readTerminal(session, id),
    (seen) => seen?.exit?.reason === "lost",
  );
  // The new holder ended first what the dead one left.
  expect(shells.filter(isAlive)).toEqual([]);
  const notes = await eventually(
    () => program.api<{ items: NotificationView[] }>("GET", "/api/notifications"),
    ({ items }) => items.some(({ kind, sessionId }) => kind === "holder-lost" && sessionId === session.id),
  );
  expect(notes.items.find(({ kind }) => kind === "holder-lost")?.body).toContain("What it printed up to then is kept.");
  await waitForPhase(program, session.id, "active");
  const log = await fetch(`${program.url}${terminals(session.id)}/${id}/log`, {
    headers: { authorization: `Bearer ${program.token}` },
  });
  expect(await log.text()).toContain("before-42");
  const epoch = client.attached?.epoch;
  await program.api("POST", `${terminals(session.id)}/${id}/restart`);
  await client.until("a new epoch", ({ attached }) => attached?.epoch !== epoch);
  await answers(client, "after");
  expect(client.faults).toEqual([]);
  expect(holderOf(program.dataDir)).not.toBe(holder);
  const worse = program.log.filter((line) => /"level":(50|60)/.test(line));
  expect(worse).toEqual([]);
  const about = program.log.filter((line) => /holder/.test(line));
  expect(about.length).toBeLessThan(30);
});

test("SIGTERM: exit 0 within 10 s while output runs and sockets are open; all goes on, and comes back", async () => {
  const session = await openSession(program, remote);
  const client = await view(session);
  const flood = await openTerminal(session, ["sh", "-c", "while :; do echo flood; done"]);
  const watching = await view(session, flood.id);
  await watching.until("output", ({ offset }) => offset > 1024 * 1024);
  client.type("sleep 3005 &\r");
  const sleeping = () => markedWith(session.id).find(({ argv }) => argv[0] === "sleep" && argv[1] === "3005")?.pid;
  await expect.poll(sleeping).toBeDefined();
  const began = Date.now();
  expect(await program.stop()).toBe(0);
  expect(Date.now() - began).toBeLessThan(10_000);
  await client.until("the close", ({ closed }) => closed !== null);
  expect(client.closed?.code).toBe(1012);
  expect(sleeping()).toBeDefined();
  await program.start();
  client.connect();
  await client.until("attached again", ({ closed, attached }) => closed === null && attached !== null);
  await answers(client, "back");
  expect(client.faults).toEqual([]);
  watching.close();
  await program.api("DELETE", `${terminals(session.id)}/${flood.id}`);
  await program.api("POST", `/api/sessions/${session.id}/end`, {});
  await waitForPhase(program, session.id, "ended");
});

test("`npm run stop-all` ends the server, the holder and all that carries our mark, also while output runs", async () => {
  const another = await Program.create();
  try {
    const session = await openSession(another, remote);
    await another.api("POST", terminals(session.id), { command: ["sh", "-c", "trap '' TERM HUP INT; yes"] });
    await another.api("POST", terminals(session.id), { command: ["sh", "-c", "setsid sleep 3006 & sleep 3007"] });
    const run = () => markedWith(session.id).map(({ argv }) => argv.join(" "));
    await expect.poll(run).toEqual(expect.arrayContaining(["yes", "sleep 3006", "sleep 3007"]));
    const holder = holderOf(another.dataDir);
    const { pid } = another;
    const told = await startAttempt({ TRELLIS_DATA_DIR: another.dataDir }, { script: "stop-all" });
    expect(told).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/"level":[56]0/) });
    expect(told.stdout).toContain(`The server (process ${pid}) is told to end.\n`);
    expect(told.stdout).toContain("The holder and all that ran in it are ended.\n");
    expect(markedWith(session.id)).toEqual([]);
    expect([holder ?? 0, pid].filter(isAlive)).toEqual([]);
    // Once more, with nothing there: nothing to fail on.
    expect(await startAttempt({ TRELLIS_DATA_DIR: another.dataDir }, { script: "stop-all" })).toMatchObject({
      code: 0,
    });
    expect(processes().filter(({ argv }) => argv.some((one) => one.startsWith(another.dataDir)))).toEqual([]);
  } finally {
    await another.destroy();
  }
});

test("a machine with a stranger's sleep is left alone", async () => {
  const stranger = spawn("sleep", ["3008"], { stdio: "ignore" });
  const session = await openSession(program, remote);
  await program.api("POST", `/api/sessions/${session.id}/end`, {});
  await waitForPhase(program, session.id, "ended");
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill();
  await once(stranger, "exit");
});
