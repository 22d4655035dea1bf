import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import {
  type AttachedMessage,
  type ClientFrame,
  decodeClientFrame,
  encodeServerFrame,
  type ServerFrame,
} from "@/server/protocol/terminal-frames";
import { TerminalConnection } from "./terminal-connection";

const attached: AttachedMessage = {
  epoch: "one",
  offset: 0,
  headOffset: 0,
  cols: 80,
  rows: 24,
  role: "driver",
  inputOffset: 0,
  replay: "log",
};
const bytes = (text: string) => new TextEncoder().encode(text);

/** What the screen was told, in order; bytes count as parsed at once. */
class RecordingScreen {
  readonly calls: string[] = [];
  #muted: boolean | null = null;
  fits = () => ({ cols: 80, rows: 24 });
  /** Set, the screen is slow: what it has not parsed yet. */
  unparsed: (() => void)[] | null = null;
  write(data: Uint8Array, parsed: () => void): void {
    this.calls.push(new TextDecoder().decode(data));
    if (this.unparsed) this.unparsed.push(parsed);
    else parsed();
  }
  reset = (cols: number, rows: number) => void this.calls.push(`reset ${cols}x${rows}`);
  resize = (cols: number, rows: number) => void this.calls.push(`size ${cols}x${rows}`);
  gap = (lost: number) => void this.calls.push(`gap ${lost}`);
  /** Asked again, a screen that is as asked does nothing. */
  mute = (muted: boolean) => {
    if (this.#muted !== muted) this.calls.push(muted ? "mute" : "unmute");
    this.#muted = muted;
  };
  /** Without what a fresh attach always does. */
  text = () => this.calls.filter((call) => !/mute|^size|^reset/.test(call)).join("");
}

/** The server's end: a real socket whose frames the test sends by hand. */
class Server {
  readonly taken: ClientFrame[] = [];
  readonly #server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  #socket: WebSocket | null = null;
  async url(): Promise<string> {
    await once(this.#server, "listening");
    this.#server.on("connection", (socket) => {
      this.#socket = socket;
      socket.on("message", (data: Buffer) => this.taken.push(decodeClientFrame(data)));
    });
    const address = this.#server.address();
    return typeof address === "object" && address ? `ws://127.0.0.1:${address.port}` : "";
  }
  send(...frames: ServerFrame[]): void {
    for (const frame of frames) this.#socket?.send(encodeServerFrame(frame));
  }
  cut = () => this.#socket?.terminate();
  end = (code: number) => this.#socket?.close(code);
  close = () => {
    this.cut();
    this.#server.close();
  };
  /** The n-th attach, once it came. */
  async attach(count: number) {
    const attaches = () => this.taken.filter((frame) => frame.type === "attach");
    await vi.waitFor(() => expect(attaches().length).toBeGreaterThanOrEqual(count));
    const frame = attaches()[count - 1];
    return frame?.type === "attach" ? frame.attach : null;
  }
}

let server: Server;
let screen: RecordingScreen;
let connection: TerminalConnection;

beforeEach(async () => {
  const page = { addEventListener: () => {}, removeEventListener: () => {}, visibilityState: "visible" };
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", page);
  vi.stubGlobal("WebSocket", WebSocket);
  server = new Server();
  screen = new RecordingScreen();
  connection = new TerminalConnection({ url: await server.url(), screen });
  await server.attach(1);
});
afterEach(() => {
  connection.close();
  server.close();
  vi.unstubAllGlobals();
});

const output = (offset: number, text: string): ServerFrame => ({ type: "output", offset, bytes: bytes(text) });

test("[I4] output that comes twice, or overlaps, is drawn once", async () => {
  server.send({ type: "attached", attached }, output(0, "abc"), output(0, "abc"), output(1, "bcde"), output(5, "f"));
  await vi.waitFor(() => expect(screen.text()).toBe("abcdef"));
});

test("[I4] after a drop it asks from the byte it has, and the screen is not cleared", async () => {
  server.send({ type: "attached", attached }, output(0, "abc"));
  await vi.waitFor(() => expect(screen.text()).toBe("abc"));
  server.cut();
  expect(await server.attach(2)).toMatchObject({ epoch: "one", offset: 3 });
  screen.calls.length = 0;
  server.send(
    { type: "attached", attached: { ...attached, offset: 3, headOffset: 6, replay: "resume" } },
    output(3, "def"),
  );
  await vi.waitFor(() => expect(screen.text()).toBe("def"));
  expect(screen.calls.join(" ")).not.toContain("reset");
  expect(connection.view().link).toMatchObject({ kind: "live", resumedAt: expect.any(Number) });
});

test("[I4] a hole is never drawn over: the missing bytes are asked for", async () => {
  server.send({ type: "attached", attached }, output(0, "abc"), output(9, "xyz"));
  expect(await server.attach(2)).toMatchObject({ epoch: "one", offset: 3 });
  expect(screen.text()).toBe("abc");
});

test("a snapshot resets the screen once, stays muted, and is acknowledged at its offset when parsed", async () => {
  const part = { type: "snapshot", offset: 500, cols: 100, rows: 30 } as const;
  server.send(
    { type: "attached", attached: { ...attached, offset: 500, headOffset: 500, replay: "snapshot" } },
    { ...part, first: true, last: false, bytes: bytes("one ") },
    { ...part, first: false, last: true, bytes: bytes("two") },
  );
  await vi.waitFor(() => expect(server.taken).toContainEqual({ type: "ack", offset: 500 }));
  expect(screen.calls.filter((call) => call.startsWith("reset"))).toEqual(["reset 100x30"]);
  expect(screen.calls.lastIndexOf("unmute")).toBeGreaterThan(screen.calls.indexOf("two"));
  server.send(output(500, "!"));
  await vi.waitFor(() => expect(screen.text()).toBe("one two!"));
});

test("what is replayed is muted up to the head, and heard after it", async () => {
  server.send(
    { type: "attached", attached: { ...attached, headOffset: 4 } },
    output(0, "ab"),
    output(2, "cd"),
    output(4, "ef"),
  );
  await vi.waitFor(() => expect(screen.text()).toBe("abcdef"));
  const order = screen.calls.filter((call) => /mute|ab|cd|ef/.test(call));
  expect(order).toEqual(["mute", "ab", "cd", "unmute", "ef"]);
});

test("[I4] a snapshot cut off by a drop is not taken for a whole one: all is asked for again", async () => {
  const part = { type: "snapshot" as const, offset: 500, cols: 80, rows: 24, bytes: bytes("half") };
  server.send(
    { type: "attached", attached: { ...attached, replay: "snapshot", offset: 500, headOffset: 500 } },
    { ...part, first: true, last: false },
  );
  await vi.waitFor(() => expect(screen.text()).toBe("half"));
  server.cut();
  const again = await server.attach(2);
  expect([again?.epoch, again?.offset]).toEqual([undefined, undefined]);
  server.send({ type: "attached", attached: { ...attached, headOffset: 3 } }, output(0, "all"));
  await vi.waitFor(() => expect(screen.calls.slice(-2)).toEqual(["all", "unmute"]));
});

test("what a slow screen parses of the program before is no ack of the next one's output", async () => {
  screen.unparsed = [];
  server.send({ type: "attached", attached }, output(0, "x".repeat(200_000)));
  await vi.waitFor(() => expect(screen.unparsed).toHaveLength(1));
  server.send({ type: "attached", attached: { ...attached, epoch: "two" } }, output(0, "y".repeat(70_000)));
  await vi.waitFor(() => expect(screen.unparsed).toHaveLength(2));
  for (const parsed of screen.unparsed) parsed();
  const acks = () => server.taken.filter((frame) => frame.type === "ack");
  await vi.waitFor(() => expect(acks()).toEqual([{ type: "ack", offset: 70_000 }]));
});

test("a gap is told in its place, and the output goes on behind it", async () => {
  server.send(
    { type: "attached", attached },
    output(0, "ab"),
    { type: "gap", from: 2, to: 40_962 },
    output(40_962, "z"),
  );
  await vi.waitFor(() => expect(screen.text()).toBe("abgap 40960z"));
  expect(connection.view().missingBytes).toBe(40_960);
});

test("a final refusal is said, and not tried again by itself", async () => {
  server.send({ type: "attached", attached });
  await vi.waitFor(() => expect(connection.view().link.kind).toBe("live"));
  server.end(4409);
  await vi.waitFor(() => expect(connection.view().link).toMatchObject({ kind: "refused", canTryAgain: false }));
  expect(server.taken.filter((frame) => frame.type === "attach")).toHaveLength(1);
});

test("a pane that is left keeps no driver's place: it comes back with another name", async () => {
  connection.close();
  await vi.waitFor(() => expect(server.taken).toContainEqual({ type: "request", request: { type: "release" } }));
});

test("keys typed while away are sent when it is back, from where the server says", async () => {
  server.send({ type: "attached", attached });
  await vi.waitFor(() => expect(connection.view().link.kind).toBe("live"));
  server.cut();
  await vi.waitFor(() => expect(connection.view().link.kind).toBe("dropped"));
  connection.type(bytes("ls\r"));
  expect(connection.view().heldBytes).toBe(3);
  await server.attach(2);
  server.send({ type: "attached", attached: { ...attached, replay: "resume" } });
  await vi.waitFor(() =>
    expect(server.taken).toContainEqual({ type: "input", position: 0, bytes: Buffer.from("ls\r") }),
  );
});
