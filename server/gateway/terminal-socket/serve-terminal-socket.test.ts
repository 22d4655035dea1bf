import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { AppError } from "../../domain/app-error";
import {
  type AttachMessage,
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from "../../protocol/terminal-frames";
import type { Terminals } from "../../terminals/terminals";
import { openRoom } from "../../terminals/testing/open-room";
import { type StillAllowed, serveTerminalSocket } from "./serve-terminal-socket";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** The terminals room behind a real WebSocket server on a free port. */
async function serve(
  options: { attach?: (room: Terminals) => Terminals["attach"]; stillAllowed?: () => Promise<StillAllowed> } = {},
) {
  const opened = openRoom();
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 1024 * 1024 });
  sockets.on("connection", (ws) =>
    serveTerminalSocket({
      ws,
      terminals: { attach: options.attach?.(opened.room) ?? opened.room.attach },
      sessionId: opened.sessionId,
      terminalId: null,
      stillAllowed: options.stillAllowed ?? (async () => "yes"),
      log: opened.log,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  closers.push(async () => {
    vi.useRealTimers();
    await opened.close();
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
    expect(opened.errors).toEqual([]);
  });
  return { ...opened, url: `ws://127.0.0.1:${port}` };
}

/** A browser's end: frames as they come. */
async function connect(url: string, attach: Partial<AttachMessage> | null = {}) {
  const ws = new WebSocket(url, { perMessageDeflate: false });
  const frames: ServerFrame[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  ws.on("message", (data: Buffer) => frames.push(decodeServerFrame(data)));
  ws.on("error", () => {});
  await new Promise((resolve) => ws.once("open", resolve));
  closers.push(() => ws.terminate());
  const send = (frame: ClientFrame) => ws.send(encodeClientFrame(frame));
  if (attach) send({ type: "attach", attach: { clientId: "client", cols: 80, rows: 24, ...attach } });
  const find = <Type extends ServerFrame["type"]>(type: Type) =>
    vi.waitFor(() => {
      const frame = frames.find((each) => each.type === type);
      if (!frame) throw new Error(`no ${type} yet`);
      return frame as Extract<ServerFrame, { type: Type }>;
    });
  const output = () =>
    frames.map((frame) => (frame.type === "output" ? Buffer.from(frame.bytes).toString() : "")).join("");
  return { ws, frames, closed, send, find, output };
}

test("bytes go both ways, and pings are answered with the same token", async () => {
  const { url, first, ptys } = await serve();
  const id = await first();
  const { send, find, output } = await connect(url);
  expect((await find("attached")).attached).toMatchObject({ role: "driver", offset: 0 });
  send({ type: "input", position: 0, bytes: Buffer.from("ls\n") });
  await vi.waitFor(() => expect(output()).toBe("ls\n"));
  expect((await find("input-ack")).position).toBe(3);
  send({ type: "resize", cols: 101, rows: 31 });
  expect(await find("resized")).toMatchObject({ offset: 3, cols: 101, rows: 31 });
  send({ type: "ping", token: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) });
  expect([...(await find("pong")).token]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  ptys.exit(id, { code: 3, signal: null, reason: "exited" });
  expect(await find("exit")).toMatchObject({ offset: 3, exit: { code: 3, signal: null, reason: "exited" } });
});

test("a socket that dropped goes on from its byte on a new one", async () => {
  const { url, first, ptys } = await serve();
  const id = await first();
  const before = await connect(url);
  const { attached } = await before.find("attached");
  ptys.emit(id, "before ");
  await vi.waitFor(() => expect(before.output()).toBe("before "));
  before.ws.terminate();
  ptys.emit(id, "meanwhile");
  const after = await connect(url, { epoch: attached.epoch, offset: 7 });
  expect((await after.find("attached")).attached).toMatchObject({ replay: "resume", offset: 7, role: "driver" });
  await vi.waitFor(() => expect(after.output()).toBe("meanwhile"));
});

test.each([
  ["a text message", (ws: WebSocket) => ws.send("attach")],
  ["an unknown type", (ws: WebSocket) => ws.send(new Uint8Array([0x77]))],
  ["an empty message", (ws: WebSocket) => ws.send(new Uint8Array(0))],
  ["something before attach", (ws: WebSocket) => ws.send(encodeClientFrame({ type: "ack", offset: 0 }))],
  ["attach that is no JSON", (ws: WebSocket) => ws.send(new Uint8Array([0x01, 0x7b]))],
])("%s is malformed: 4400", async (_, send) => {
  const { url } = await serve();
  const { ws, closed } = await connect(url, null);
  send(ws);
  expect((await closed).code).toBe(4400);
});

test.each<[string, ClientFrame]>([
  ["a second attach", { type: "attach", attach: { clientId: "client", cols: 80, rows: 24 } }],
  ["an ack beyond what was sent", { type: "ack", offset: 1 }],
])("%s is malformed: 4400", async (_, frame) => {
  const { url, first } = await serve();
  await first();
  const { send, find, closed } = await connect(url);
  await find("attached");
  send(frame);
  expect((await closed).code).toBe(4400);
});

test("the same page attaching again closes its older socket: 4410", async () => {
  const { url, first } = await serve();
  await first();
  const older = await connect(url);
  await older.find("attached");
  const newer = await connect(url);
  expect((await newer.find("attached")).attached.role).toBe("driver");
  expect((await older.closed).code).toBe(4410);
});

test("each end has its code", async () => {
  const { url, first, room, sessionId } = await serve();
  const id = await first();
  const viewer = await connect(url);
  await viewer.find("attached");
  await room.detach();
  expect((await viewer.closed).code).toBe(1012);
  const again = await connect(url);
  await again.find("attached");
  await room.closeAll(sessionId);
  expect((await again.closed).code).toBe(4409);
  expect((await (await connect(url)).closed).code).toBe(4404);
  expect(id).not.toBe("");
});

test.each([
  [new AppError("not-found", "no such terminal"), 4404],
  [new AppError("forbidden", "not yours"), 4403],
  [new AppError("unavailable", "try again"), 1013],
])("a refusal to attach closes with its code: %s", async (error, code) => {
  const { url } = await serve({ attach: () => () => Promise.reject(error) });
  expect((await (await connect(url)).closed).code).toBe(code);
});

test("frames that come while the terminal is looked up are given in order", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const attach =
    (room: Terminals): Terminals["attach"] =>
    (...args) =>
      held.then(() => room.attach(...args));
  const { url, first } = await serve({ attach });
  await first();
  const { send, find, frames } = await connect(url);
  send({ type: "resize", cols: 98, rows: 30 });
  send({ type: "resize", cols: 99, rows: 31 });
  send({ type: "ping", token: new Uint8Array(8) });
  await find("pong");
  release();
  await find("attached");
  const sizes = () =>
    frames.flatMap((frame) => {
      if (frame.type === "attached") return [frame.attached.cols];
      return frame.type === "resized" ? [frame.cols] : [];
    });
  await vi.waitFor(() => expect(sizes().at(-1)).toBe(99));
});

test("what is looked at again every 30 s closes the socket; a failed look closes nothing", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const answers: (StillAllowed | Error)[] = [new Error("the database is away"), "yes", "signed-out"];
  const asked = vi.fn(async () => {
    const answer = answers.shift() ?? "yes";
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const { url, first } = await serve({ stillAllowed: asked });
  await first();
  const { closed, find } = await connect(url);
  await find("attached");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(30_000);
  expect((await closed).code).toBe(4401);
});

test("a socket that does not attach within 10 s is malformed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { url } = await serve();
  const { closed, ws } = await connect(url, null);
  await new Promise((resolve) => {
    ws.once("pong", resolve);
    ws.ping();
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await closed).code).toBe(4400);
});

test("an attach that came while the server stood still for 10 s is in time", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { url, first } = await serve();
  await first();
  const { find, ws } = await connect(url, null);
  await new Promise((resolve) => {
    ws.once("pong", resolve);
    ws.ping();
  });
  // Where a timer is run: the sockets are read after it.
  await new Promise((resolve) => setImmediate(resolve));
  ws.send(encodeClientFrame({ type: "attach", attach: { clientId: "late", cols: 80, rows: 24 } }));
  vi.advanceTimersByTime(10_000);
  expect(await find("attached")).toMatchObject({ attached: { role: "driver" } });
});

test("input behind a hole that the client gave up is typed once it is known to have its attached", async () => {
  const { url, first, ptys } = await serve();
  const id = await first();
  const { find, send } = await connect(url);
  await find("attached");
  send({ type: "input", position: 100, bytes: Buffer.from("x") });
  await vi.waitFor(() => expect(ptys.typed(id)).toBe("x"));
});

test("a browser that stops reading holds at most a little in the server, and gets all of it later", async () => {
  const { url, first, ptys } = await serve();
  const id = await first();
  const viewer = await connect(url, { window: 4 * 1024 * 1024 });
  const { attached } = await viewer.find("attached");
  viewer.ws.pause();
  const piece = Buffer.alloc(64 * 1024, "x");
  for (let each = 0; each < 256; each += 1) ptys.emit(id, piece);
  viewer.ws.resume();
  let [got, acked] = [0, 0];
  viewer.ws.on("message", (data: Buffer) => {
    const frame = decodeServerFrame(data);
    if (frame.type === "output") got += frame.bytes.length;
    if (got - acked < 1024 * 1024) return;
    acked = got;
    viewer.send({ type: "ack", offset: attached.offset + got });
  });
  await vi.waitFor(() => expect(got).toBe(16 * 1024 * 1024));
});

test("a viewer that leaves on purpose gives its place up at once; a socket that dropped keeps it", async () => {
  const { url, first } = await serve();
  await first();
  for (const code of [1000, 1001]) {
    const left = await connect(url, { clientId: `left-${code}` });
    expect((await left.find("attached")).attached.role).toBe("driver");
    left.ws.close(code);
    await left.closed;
  }
  const dropped = await connect(url, { clientId: "dropped" });
  expect((await dropped.find("attached")).attached.role).toBe("driver");
  dropped.ws.terminate();
  await dropped.closed;
  const other = await connect(url, { clientId: "other" });
  expect((await other.find("attached")).attached.role).toBe("viewer");
});

test("1,000 sockets on one terminal are all served", async () => {
  const { url, first, ptys, room } = await serve();
  const id = await first();
  const viewers: Awaited<ReturnType<typeof connect>>[] = [];
  // Many at once: one after the other, all that are there would be told of each who comes.
  while (viewers.length < 1_000) {
    const clientIds = Array.from({ length: 50 }, (_, each) => `client-${viewers.length + each}`);
    viewers.push(...(await Promise.all(clientIds.map((clientId) => connect(url, { clientId })))));
  }
  await vi.waitFor(() => expect(room.figures().viewers).toBe(1_000));
  for (const viewer of viewers) await viewer.find("attached");
  ptys.emit(id, "to everyone");
  await vi.waitFor(() => expect(viewers.every((viewer) => viewer.output() === "to everyone")).toBe(true));
}, 600_000);
