import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import WebSocket from "ws";
import type { SessionView, TerminalView } from "../server/protocol/api";
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from "../server/protocol/terminal-frames";
import { rawCall } from "./support/call";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { Program } from "./support/program";
import { eventually, openSession, waitForPhase } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

let program: Program;
let remote: GitRepository;
let session: SessionView;

test.beforeAll(async () => {
  program = await Program.create();
  remote = makeGitRepository();
  session = await openSession(program, remote);
});
test.afterAll(async () => {
  expect(program.log.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  await program.destroy();
  remote.remove();
});

const terminalPath = (id = session.id, terminal?: string) =>
  `/ws/sessions/${id}/terminal${terminal === undefined ? "" : `?terminal=${terminal}`}`;

/** A socket without manners: it sends what it is told. */
function open(path = terminalPath(), headers: Record<string, string> = { authorization: `Bearer ${program.token}` }) {
  const ws = new WebSocket(program.url.replace("http", "ws") + path, { headers, perMessageDeflate: false });
  const frames: ServerFrame[] = [];
  const closed = new Promise<number>((resolve) => ws.on("close", (code) => resolve(code)));
  const refused = new Promise<number>((resolve) =>
    ws.on("unexpected-response", (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    }),
  );
  ws.on("message", (data: Buffer, isBinary) => isBinary && frames.push(decodeServerFrame(data)));
  ws.on("error", () => {});
  return { ws, frames, closed, refused, opened: once(ws, "open") };
}

const attach = (more: object = {}): ClientFrame => ({
  type: "attach",
  attach: { clientId: randomUUID(), cols: 80, rows: 24, ...more },
});
const sent = (frame: ClientFrame) => encodeClientFrame(frame);
const json = (type: number, text: string) => Buffer.concat([Buffer.from([type]), Buffer.from(text)]);

test.describe("frames", () => {
  const first: [name: string, message: string | Uint8Array][] = [
    ["a text message", "hello"],
    ["an empty message", new Uint8Array(0)],
    ["an unknown type", new Uint8Array([0x7f, 1, 2])],
    ["a server's frame", new Uint8Array([0x82, 0, 0, 0, 0, 0, 0, 0, 0, 65])],
    ["input before attach", sent({ type: "input", position: 0, bytes: Buffer.from("x") })],
    ["attach that is no JSON", json(0x01, "{")],
    ["attach that is no UTF-8", new Uint8Array([0x01, 0xff, 0xfe])],
    ["attach with sizes of nobody", json(0x01, '{"clientId":"a","cols":0,"rows":99999}')],
    ["attach with a window too large", json(0x01, '{"clientId":"a","cols":80,"rows":24,"window":1e9}')],
  ];
  for (const [name, message] of first) {
    test(`${name} as the first message: 4400`, async () => {
      const { ws, closed, opened } = open();
      await opened;
      ws.send(message);
      expect(await closed).toBe(4400);
    });
  }

  const later: [name: string, messages: Uint8Array[], code: number][] = [
    ["a second attach", [sent(attach())], 4400],
    ["an ack beyond what was sent", [sent({ type: "ack", offset: 2 ** 40 })], 4400],
    ["an ack beyond 2^53", [new Uint8Array([0x03, ...Array<number>(8).fill(255)])], 4400],
    ["an ack cut short", [new Uint8Array([0x03, 0, 0])], 4400],
    ["a resize to nothing", [new Uint8Array([0x04, 0, 0, 0, 0])], 4400],
    ["a request of no such kind", [json(0x05, '{"type":"root"}')], 4400],
    ["a ping of the wrong length", [new Uint8Array([0x06, 1])], 4400],
    ["input of over 64 KiB", [Buffer.concat([new Uint8Array(9).fill(0).fill(2, 0, 1), Buffer.alloc(65_537)])], 4400],
    [
      "over 256 KiB not acknowledged, out of order",
      [
        ...Array.from({ length: 5 }, (_, at) =>
          sent({ type: "input", position: 1_000_000 + at * 65_536, bytes: Buffer.alloc(65_536) }),
        ),
      ],
      4400,
    ],
    ["a message of over 1 MiB", [Buffer.alloc(1024 * 1024 + 1, 2)], 4400],
    ["an attach of 10 MiB", [json(0x01, JSON.stringify({ clientId: "c".repeat(10 * 1024 * 1024) }))], 4400],
  ];
  for (const [name, messages, code] of later) {
    test(`${name}: ${code}`, async () => {
      const { ws, frames, closed, opened } = open();
      await opened;
      ws.send(sent(attach()));
      await expect.poll(() => frames.some(({ type }) => type === "attached")).toBe(true);
      for (const message of messages) ws.send(message);
      expect(await closed).toBe(code);
    });
  }

  test("after all of them the terminal still takes what is typed", async () => {
    const terminal = new TerminalClient({ url: program.url, token: program.token, sessionId: session.id });
    terminal.connect();
    await terminal.until("attached", ({ attached }) => attached !== null);
    terminal.request("take");
    terminal.type("echo fine-$((6 * 7))\r");
    await terminal.until("the answer", ({ tail }) => tail.includes("fine-42"));
    expect(terminal.faults).toEqual([]);
    terminal.close();
  });

  test("an unknown epoch, or an offset beyond the head, is a fresh attach", async () => {
    for (const more of [{ epoch: "never", offset: 12 }, { offset: 2 ** 50 }]) {
      const { ws, frames, opened } = open();
      await opened;
      ws.send(sent(attach(more)));
      await expect.poll(() => frames.some(({ type }) => type === "attached")).toBe(true);
      ws.close();
    }
  });

  test("no attach within 10 s: 4400", async () => {
    const { closed, opened } = open();
    await opened;
    expect(await closed).toBe(4400);
  });
});

test("sockets of what is not there, or not this session's, close with their code after the handshake", async () => {
  const other = await openSession(program, remote);
  const theirs = other.terminals[0]?.id ?? "";
  const codeOf = async (path: string) => {
    const { ws, closed, opened } = open(path);
    await opened;
    ws.send(sent(attach()));
    return closed;
  };
  expect(await codeOf(terminalPath("no-such-session"))).toBe(4404);
  expect(await codeOf(terminalPath(session.id, "no-such-terminal"))).toBe(4404);
  expect(await codeOf(terminalPath(session.id, theirs))).toBe(4404);
  expect(await codeOf("/ws/nothing")).toBe(4404);
  const watching = open(terminalPath(other.id));
  await watching.opened;
  watching.ws.send(sent(attach()));
  await program.api("POST", `/api/sessions/${other.id}/end`, {});
  expect(await watching.closed).toBe(4409);
  await waitForPhase(program, other.id, "ended");
  expect(await codeOf(terminalPath(other.id))).toBe(4409);
});

test("a duplicated tab: the same clientId again closes the older socket with 4410, and nothing typed is lost", async () => {
  const view = await program.api<TerminalView>("POST", `/api/sessions/${session.id}/terminals`, {});
  const clientId = randomUUID();
  const [older, newer] = [open(terminalPath(session.id, view.id)), open(terminalPath(session.id, view.id))];
  await Promise.all([older.opened, newer.opened]);
  older.ws.send(sent(attach({ clientId })));
  await expect.poll(() => older.frames.some(({ type }) => type === "attached")).toBe(true);
  newer.ws.send(sent(attach({ clientId })));
  expect(await older.closed).toBe(4410);
  await expect
    .poll(() => newer.frames.find(({ type }) => type === "attached"))
    .toMatchObject({ attached: { role: "driver" } });
  newer.ws.send(sent({ type: "input", position: 0, bytes: Buffer.from("echo tab-$((40 + 2))\r") }));
  const text = () =>
    newer.frames.map((frame) => (frame.type === "output" ? Buffer.from(frame.bytes).toString() : "")).join("");
  await expect.poll(text).toContain("tab-42");
  newer.ws.close();
});

test("Host and Origin: foreign ones are 403 before 101; a missing Origin passes with a bearer token only", async () => {
  const cookie = await signIn();
  const bearer = `Bearer ${program.token}`;
  const ours = program.url;
  const refused: Record<string, string>[] = [
    { authorization: bearer, host: "evil.test" },
    { authorization: bearer, host: `evil.test:${program.port}` },
    { authorization: bearer, origin: "http://evil.test" },
    { authorization: bearer, origin: "null" },
    { authorization: bearer, origin: `https://127.0.0.1:${program.port}` },
    { authorization: bearer, origin: `http://127.0.0.1:${program.port + 1}` },
    { authorization: bearer, origin: `http://127.0.0.1.evil.test:${program.port}` },
    { cookie },
    { cookie, origin: "http://evil.test" },
    {},
  ];
  for (const headers of refused)
    for (const path of [terminalPath(), "/ws/events"]) expect(await open(path, headers).refused).toBe(403);
  for (const headers of [
    { cookie, origin: ours },
    { cookie, origin: ours.replace("127.0.0.1", "localhost") },
    { cookie, origin: ours.replace("127.0.0.1", "[::1]") },
    { authorization: bearer },
  ]) {
    const { ws, opened } = open("/ws/events", headers as Record<string, string>);
    await opened;
    ws.close();
  }
  const signedOut = open("/ws/events", { authorization: "Bearer wrong" });
  await signedOut.opened;
  expect(await signedOut.closed).toBe(4401);
});

async function signIn(): Promise<string> {
  const token = program.link.split("#")[1] ?? "";
  const answer = await rawCall(`${program.url}/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: program.url },
    body: JSON.stringify({ token }),
  });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
}

const residentMiB = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

test("1,000 sockets at once are all answered, the server's memory stays bounded, and all are let go", async () => {
  const before = residentMiB(program.pid);
  const sockets: ReturnType<typeof open>[] = [];
  // Fifty by fifty: this process reads all the answers, and who has not attached within 10 s is let go.
  while (sockets.length < 1_000) {
    const next = Array.from({ length: 50 }, (_, at) => open(at % 2 === 0 ? "/ws/events" : terminalPath()));
    sockets.push(...next);
    const answers = next.map(async ({ ws, opened, frames }, at) => {
      if (at % 2 === 0) expect(String((await once(ws, "message"))[0])).toContain('"snapshot"');
      else {
        await opened;
        ws.send(sent(attach({ mode: "view" })));
        await eventually(async () => frames.some(({ type }) => type === "attached"), Boolean);
      }
    });
    await Promise.all(answers);
  }
  const after = residentMiB(program.pid);
  expect(after - before).toBeLessThan(200);
  const metric = async () =>
    Number(
      /^trellis_\w*viewers\S* (\d+)/m.exec(
        (await rawCall(`${program.url}/metrics`, { headers: { authorization: `Bearer ${program.token}` } })).text,
      )?.[1],
    );
  // Of earlier tests one may be about to be let go.
  await eventually(metric, (count) => count === 500);
  for (const { ws } of sockets) ws.close();
  await Promise.all(sockets.map(({ closed }) => closed));
  await eventually(metric, (count) => count === 0);
  console.log(`1,000 sockets: ${before.toFixed(0)} MiB before, ${after.toFixed(0)} with them`);
});
