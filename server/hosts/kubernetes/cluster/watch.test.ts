import type { V1Pod } from "@kubernetes/client-node";
import { afterEach, expect, test } from "vitest";
import { quietLog } from "../../testing/link-fixture";
import { ApiRefusal } from "./api-refusal";
import type { WatchState } from "./cluster";
import { TimeoutFailure } from "./timeout-failure";
import { type WatchSource, watchObjects } from "./watch";

const backoff = { fromMs: 2, toMs: 8 };
const timings = { answerMs: 50, freshCredentialsMs: 0, watchMs: 20, watchGraceMs: 10, backoff };
const pod = (name: string, resourceVersion: string): V1Pod => ({ metadata: { name, resourceVersion } });
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const bytes = (text: string) => new TextEncoder().encode(text);
const abort: { controller: AbortController } = { controller: new AbortController() };
afterEach(() => abort.controller.abort());

/** What a script makes a listener see: its lists, the last for ever, and its watches, after which one is silent. */
function begin(script: { lists: (() => Map<string, V1Pod>)[]; watches: (() => AsyncIterable<Uint8Array>)[] }) {
  abort.controller = new AbortController();
  const { signal } = abort.controller;
  const seen = { names: [] as string[][], states: [] as WatchState[], lists: 0, watches: [] as string[] };
  const source: WatchSource<"Pod"> = {
    async list() {
      const objects = script.lists[Math.min(seen.lists++, script.lists.length - 1)]?.() ?? new Map();
      return { objects, version: `list-${seen.lists}` };
    },
    async follow(version) {
      seen.watches.push(version);
      return script.watches[seen.watches.length - 1]?.() ?? forever();
    },
    decode: (object) => object as V1Pod,
    explain: (error) => error,
  };
  const listener = {
    changed: (objects: ReadonlyMap<string, V1Pod>) => void seen.names.push([...objects.keys()]),
    state: (state: WatchState) => void seen.states.push(state),
  };
  const over = watchObjects(source, listener, { signal, timings, log: quietLog });
  return { seen, over };

  async function* forever(): AsyncGenerator<Uint8Array> {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }
}

async function* send(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

async function* fail(error: Error): AsyncGenerator<Uint8Array> {
  yield* send();
  throw error;
}

const podsOf = (...names: string[]) => new Map(names.map((name) => [name, pod(name, "1")]));
const throwing = (message: string) => (): never => {
  throw new Error(message);
};
const cut = Object.assign(new Error("cut"), { code: "ECONNRESET" });

test("lines that come in pieces are taken whole, and the next watch goes on from the last version, a bookmark's too", async () => {
  const added = line("ADDED", pod("b", "7"));
  const { seen } = begin({
    lists: [() => podsOf("a")],
    watches: [
      () => send(added.slice(0, 20), added.slice(20) + line("DELETED", pod("a", "8"))),
      () => send(line("BOOKMARK", { metadata: { resourceVersion: "99" } })),
    ],
  });
  await expect.poll(() => seen.watches.slice(0, 3)).toEqual(["list-1", "8", "99"]);
  expect(seen.names).toEqual([["a"], ["b"]]);
  expect(seen.states).toEqual([{ synced: false, reason: null }, { synced: true }]);
});

test("[I1] a list that fails takes nothing away: what was known stays, is told as old, and a later list repairs it", async () => {
  const { seen } = begin({
    lists: [() => podsOf("a", "b"), throwing("away"), throwing("away"), () => podsOf("b")],
    watches: [() => fail(cut)],
  });
  await expect.poll(() => seen.names.at(-1)).toEqual(["b"]);
  expect(seen.names.slice(0, 2)).toEqual([["a", "b"], ["b"]]);
  expect(seen.states.slice(0, 4)).toEqual([
    { synced: false, reason: null },
    { synced: true },
    { synced: false, reason: "away" },
    { synced: true },
  ]);
});

test("a cut that the next list mends is not told; silence is told at once", async () => {
  const { seen } = begin({
    lists: [() => podsOf("a")],
    watches: [
      () => fail(cut),
      () => send(line("ADDED", pod("b", "2")).slice(0, -5)),
      () => fail(new TimeoutFailure(30)),
    ],
  });
  await expect.poll(() => seen.states.length).toBeGreaterThan(3);
  expect(seen.states.slice(0, 3)).toEqual([
    { synced: false, reason: null },
    { synced: true },
    { synced: false, reason: "no answer within 30 ms" },
  ]);
  expect(seen.watches.slice(0, 3)).toEqual(["list-1", "list-2", "list-3"]);
});

test("a watch that is refused is told, and no list makes it well", async () => {
  const refused = ApiRefusal.read(403, { kind: "Status", message: "may not watch" });
  const { seen } = begin({
    lists: [() => podsOf("a")],
    watches: [
      () => {
        throw refused;
      },
      () => {
        throw refused;
      },
    ],
  });
  await expect.poll(() => seen.states.length).toBe(3);
  expect(seen.states).toEqual([
    { synced: false, reason: null },
    { synced: false, reason: "may not watch" },
    { synced: true },
  ]);
});

test("a version that the API server has forgotten, said before the watch or in it, is listed anew", async () => {
  const expired = line("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" });
  const gone = ApiRefusal.read(410, JSON.parse(expired).object);
  const { seen } = begin({
    lists: [() => podsOf("a"), () => podsOf("a", "b"), () => podsOf("b")],
    watches: [() => send(expired), () => fail(gone)],
  });
  await expect.poll(() => seen.names).toHaveLength(3);
  expect(seen.names).toEqual([["a"], ["a", "b"], ["b"]]);
  expect(seen.states).toEqual([{ synced: false, reason: null }, { synced: true }]);
});

test("what cannot be read as a watch ends it and is listed anew, never half taken", async () => {
  const { seen } = begin({
    lists: [() => podsOf("a")],
    watches: [() => send(`${line("ADDED", pod("b", "2"))}<html>\n`), () => send(line("MOVED", pod("c", "3")))],
  });
  await expect.poll(() => seen.watches.length).toBeGreaterThan(2);
  expect(seen.names.every((names) => names.join() === "a")).toBe(true);
});

test("whoever ends every watch at once is not asked without a pause", async () => {
  const { seen } = begin({ lists: [() => podsOf("a")], watches: Array(10_000).fill(() => send()) });
  const began = performance.now();
  await expect.poll(() => seen.watches.length).toBeGreaterThan(10);
  // Each is followed by a pause of 2 ms: more could only come of a loop without one.
  expect(seen.watches.length).toBeLessThan((performance.now() - began) / 1.5 + 2);
});

test("nothing is told after the end, and a listener that throws does not end the watch", async () => {
  const { seen, over } = begin({
    lists: [() => podsOf("a")],
    watches: [() => send(line("ADDED", pod("b", "2")), line("ADDED", pod("c", "3")))],
  });
  seen.names.push = (names: string[]) => {
    Array.prototype.push.call(seen.names, names);
    throw new Error("listener");
  };
  await expect.poll(() => seen.names).toHaveLength(3);
  abort.controller.abort();
  const told = seen.names.length + seen.states.length;
  await over;
  expect(seen.names.length + seen.states.length).toBe(told);
});
