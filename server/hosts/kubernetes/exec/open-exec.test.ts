import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ExecOptions, openExec } from "./open-exec";
import { ExecServer } from "./testing/exec-server";

let server: ExecServer;
beforeEach(async () => {
  server = await ExecServer.listen();
});
afterEach(() => server.close());

const open = (more: Partial<ExecOptions> = {}) =>
  openExec({
    target: async () => ({ server: `${server.url}/clusters/one/`, options: { headers: { "x-asked": "yes" } } }),
    ...{ namespace: "n", pod: "p", container: "c", command: ["/opt/trellis/init", "a b&c"] },
    ...{ signal: new AbortController().signal, ...more },
  });
const success = { status: "Success" };
const exitCode = (code: string) => ({
  ...{ status: "Failure", reason: "NonZeroExitCode", message: `command terminated with non-zero exit code` },
  details: { causes: [{ reason: "ExitCode", message: code }] },
});
const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check);
const typed = () => Buffer.concat(server.received.filter((m) => m[0] === 0).map((m) => m.subarray(1))).toString();

/** All that is read until the end, and the error that follows it. */
async function readAll(stream: Awaited<ReturnType<typeof open>>) {
  let text = "";
  let error: string | null = null;
  stream.on("data", (bytes: Buffer) => {
    text += bytes;
  });
  stream.on("error", ({ message }) => {
    error = message;
  });
  await once(stream, "close").catch(() => {}); // the error is kept above; `close` follows it
  return { text, error, over: await stream.over };
}

test("asks for the command at the server's own path, and offers the newest protocol first", async () => {
  (await open()).destroy();
  expect(server.urls).toEqual([
    "/clusters/one/api/v1/namespaces/n/pods/p/exec?container=c&stdin=true&stdout=true&stderr=true&tty=false" +
      "&command=%2Fopt%2Ftrellis%2Finit&command=a+b%26c",
  ]);
  expect(server.offers).toEqual([["v5.channel.k8s.io", "v4.channel.k8s.io"]]);
});

test("carries bytes both ways; input that ends is told, and output still comes", async () => {
  const stream = await open();
  stream.end(Buffer.alloc(100_000, "x"));
  await soon(() => expect(server.received.at(-1)).toEqual(Buffer.of(255, 0)));
  expect(typed()).toBe("x".repeat(100_000));
  expect(Math.max(...server.received.map(({ length }) => length))).toBeLessThanOrEqual(32 * 1024 + 1);
  server.send(1, "after");
  server.status(success);
  server.last.close(1000);
  expect(await readAll(stream)).toMatchObject({ text: "after", error: null, over: { code: 0 } });
});

test("an exit status comes after all output, with the command's last words", async () => {
  const stream = await open();
  server.send(1, "out");
  server.send(2, "no holder is there\n");
  server.status(exitCode("7"));
  server.last.close(1000);
  const reason = "the command ended with exit status 7: no holder is there";
  expect(await readAll(stream)).toEqual({ text: "out", error: reason, over: { code: 7, reason } });
});

test("a command that could not be started is told in the cluster's words, and has no exit status", async () => {
  const stream = await open();
  server.status({ status: "Failure", reason: "InternalError", message: "container not found" });
  server.last.close(1000);
  expect((await readAll(stream)).over).toEqual({ code: null, reason: "container not found" });
});

test("streams of a later protocol and an end in unknown words throw nothing", async () => {
  const stream = await open();
  for (const unknown of [4, 9, 255]) server.send(unknown, "?");
  server.last.send("text");
  server.last.send(new Uint8Array(0));
  server.send(1, "still here");
  server.send(3, "not JSON");
  server.last.close(1000);
  const { text, over } = await readAll(stream);
  expect(text).toBe("still here");
  expect(over).toMatchObject({ code: null, reason: expect.stringContaining("not JSON") });
});

test("a link that is cut is told as lost, never as the command's end", async () => {
  const stream = await open();
  server.send(1, "half");
  await once(stream, "readable");
  server.last.terminate();
  const { text, over } = await readAll(stream);
  expect(text).toBe("half");
  expect(over).toMatchObject({ code: null, reason: expect.stringContaining("closed the link (1006)") });
});

test("a link that falls silent is dropped; one that answers pings is not", async () => {
  const timings = { pingMs: 20, silenceMs: 60 };
  const lively = await open({ timings });
  server.pongs = true;
  let pings = 0;
  await new Promise<void>((resolve) => {
    server.last.on("ping", () => {
      pings += 1;
      if (pings === 8) resolve();
    });
  });
  expect(lively.destroyed).toBe(false);
  server.pongs = false;
  expect((await readAll(lively)).over.reason).toMatch(/nothing was heard .* 0.06 s/);
});

test("a reader that takes nothing holds the cluster back, and then gets all of it", async () => {
  const stream = await open({ timings: { pingMs: 20, silenceMs: 60 } });
  const piece = Buffer.alloc(32 * 1024, "z");
  for (let sent = 0; sent < 2048; sent++) server.send(1, piece);
  await soon(() => expect(stream.readableLength).toBeGreaterThan(200_000));
  await soon(() => expect(server.last.bufferedAmount).toBeGreaterThan(16 * 1024 * 1024));
  expect(stream.readableLength).toBeLessThan(1024 * 1024);
  server.status(success);
  server.last.close(1000);
  expect((await readAll(stream)).text.length).toBe(2048 * piece.length);
});

test("a cluster that takes nothing holds the writer back", async () => {
  const stream = await open();
  server.last.pause();
  const piece = Buffer.alloc(1024 * 1024, "z");
  let sent = 0;
  while (stream.write(piece) || sent < 16) {
    sent += 1;
    if (stream.writableNeedDrain) break;
  }
  expect(stream.writableNeedDrain).toBe(true);
  server.last.resume();
  await once(stream, "drain");
  stream.destroy();
});

test("destroying closes the socket at once, and says so", async () => {
  const stream = await open();
  const closed = once(server.last, "close");
  stream.destroy();
  await closed;
  expect(await stream.over).toEqual({ code: null, reason: "this server closed the link" });
});

test("an API server that tells the end but never closes is closed from here", async () => {
  const stream = await open({ timings: { closingMs: 20 } });
  server.status(exitCode("1"));
  expect((await readAll(stream)).over.code).toBe(1);
});

test.each([
  ["a server that knows only v4", () => {}, 1],
  ["one that refuses what it does not know", () => server.refuse(400, "unsupported protocol", false), 2],
])("%s is spoken to in v4: its input stays open, for closing it would end all", async (_name, set, attempts) => {
  server.speaks = ["v4.channel.k8s.io"];
  set();
  const stream = await open();
  expect(server.offers).toHaveLength(attempts);
  stream.end("hello");
  await once(stream, "finish");
  server.send(1, "answer");
  server.status(success);
  server.last.close(1000);
  expect(await readAll(stream)).toMatchObject({ text: "answer", over: { code: 0 } });
  expect(server.received.map((message) => message[0])).toEqual([0]);
});

const apiStatus = (reason: string, message: string) =>
  JSON.stringify({ kind: "Status", status: "Failure", reason, message });
test.each([
  [401, apiStatus("Unauthorized", "Unauthorized"), "forbidden", /credentials .* renew/],
  [
    403,
    apiStatus("Forbidden", 'pods "p" is forbidden: cannot create resource "pods/exec" in API group ""'),
    "forbidden",
    /"create" on "pods\/exec" is missing: grant both "get" and "create" .* namespace n/,
  ],
  [404, apiStatus("NotFound", 'pods "p" not found'), "not-found", /pod p is not there/],
  [404, "<html>no such page</html>", "unavailable", /404.*no such page/],
  [429, "", "unavailable", /too much to do/],
  [400, apiStatus("BadRequest", "container c is not valid for pod p"), "unavailable", /container c is not valid/],
  [503, "", "unavailable", /503.*no reason given/],
])(
  "[I1] an answer of %i is told in words: only the API server's own 404 says that a pod is gone (%#)",
  async (status, body, code, words) => {
    server.refuse(status, body);
    await expect(open()).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  },
);

test("a connect in progress is given up: while credentials are fetched, and while the server says nothing", async () => {
  const abort = new AbortController();
  const stuck = open({ signal: abort.signal, target: () => new Promise(() => {}) });
  server.mute = true;
  const unanswered = open({ signal: abort.signal });
  await soon(() => expect(server.offers).toHaveLength(1));
  abort.abort();
  for (const attempt of [stuck, unanswered]) await expect(attempt).rejects.toMatchObject({ code: "unavailable" });
  const late = open({ signal: AbortSignal.timeout(20) });
  await expect(late).rejects.toThrow("did not answer in time");
});

test("an address where nobody listens is said", async () => {
  const target = async () => ({ server: "http://127.0.0.1:1", options: {} });
  await expect(open({ target })).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/);
});
