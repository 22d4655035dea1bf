import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "../../../kit/log";
import { ApiRefusal } from "./api-refusal";
import type { Kind, ObjectOf, WatchListener } from "./cluster";
import type { ClusterTimings } from "./timings";
import { readLines } from "./watch-lines";

/** What a watch needs of the cluster; its calls end with its signal. */
export type WatchSource<K extends Kind> = {
  list(): Promise<{ objects: Map<string, ObjectOf<K>>; version: string }>;
  /**
   * Resolves when the API server began to tell. It is asked to end after `endMs`; at `limitMs` the parts reject with
   * `TimeoutFailure`.
   */
  follow(version: string, times: { endMs: number; limitMs: number }): Promise<AsyncIterable<Uint8Array>>;
  decode(object: unknown): ObjectOf<K>;
  explain(error: unknown): unknown;
};

const eventShape = z.object({
  type: z.enum(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]),
  object: z.unknown(),
});
const versioned = z.object({ metadata: z.object({ name: z.string().default(""), resourceVersion: z.string() }) });

/**
 * Lists, then follows. Whatever breaks, it lists anew, and so misses no deletion. What is ordinary is told only when the
 * list after it fails too.
 */
export async function watchObjects<K extends Kind>(
  source: WatchSource<K>,
  listener: WatchListener<K>,
  { signal, timings, log }: { signal: AbortSignal; timings: ClusterTimings; log: Log },
): Promise<void> {
  const tell = guard(listener, signal, log);
  let failures = 0;
  tell.state({ synced: false, reason: null });
  while (!signal.aborted) {
    const began = Date.now();
    let listed = false;
    try {
      const { objects, version } = await source.list();
      listed = true;
      tell.changed(objects);
      await followOn(source, { objects, version }, { signal, timings, tell });
    } catch (error) {
      if (signal.aborted) return;
      if (!listed || !isOrdinary(error)) {
        const reason = source.explain(error);
        tell.state({ synced: false, reason: reason instanceof Error ? reason.message : String(reason) });
      }
      log.debug("a watch is begun again", { error });
    }
    failures = listed && Date.now() - began > timings.backoff.toMs ? 0 : failures + 1;
    await sleep(backoffMs(failures, timings), undefined, { signal }).catch(() => {});
  }
}

/** From watch to watch, for as long as each ends as it was asked to. */
async function followOn<K extends Kind>(
  source: WatchSource<K>,
  from: { objects: Map<string, ObjectOf<K>>; version: string },
  { signal, timings, tell }: { signal: AbortSignal; timings: ClusterTimings; tell: WatchListener<K> },
): Promise<void> {
  let { objects, version } = from;
  const times = { endMs: timings.watchMs, limitMs: timings.watchMs + timings.watchGraceMs };
  while (!signal.aborted) {
    const began = Date.now();
    const parts = await source.follow(version, times);
    tell.state({ synced: true });
    for await (const lines of readLines(parts)) {
      const next = new Map(objects);
      let isChanged = false;
      for (const line of lines) {
        const { type, object } = eventShape.parse(JSON.parse(line));
        if (type === "ERROR") throw refusalIn(object);
        const { metadata } = versioned.parse(object);
        version = metadata.resourceVersion;
        if (type === "BOOKMARK") continue;
        if (type === "DELETED") next.delete(metadata.name);
        else next.set(metadata.name, source.decode(object));
        isChanged = true;
      }
      objects = next;
      if (isChanged) tell.changed(objects);
    }
    // Whoever ends every watch at once would be asked without a pause.
    const tooSoonMs = timings.backoff.fromMs - (Date.now() - began);
    if (tooSoonMs > 0) await sleep(tooSoonMs, undefined, { signal }).catch(() => {});
  }
}

/** An idle limit or a rolling restart cut it, or the API server forgot the version: the list that follows mends both. */
function isOrdinary(error: unknown): boolean {
  if (error instanceof ApiRefusal) return error.httpStatus === 410;
  return error instanceof Error && "code" in error && error.code === "ECONNRESET";
}

function refusalIn(object: unknown): ApiRefusal {
  const { code } = z.object({ code: z.int() }).parse(object);
  return ApiRefusal.read(code, object);
}

/** Half of it is chance, so that all watches of all servers do not come back at one moment. */
function backoffMs(failures: number, { backoff }: ClusterTimings): number {
  const full = Math.min(backoff.toMs, backoff.fromMs * 2 ** Math.min(failures - 1, 16));
  return failures === 0 ? 0 : full * (0.5 + Math.random() / 2);
}

/** Nothing is told after the end, no state twice, and a fault of the listener is not one of the watch. */
function guard<K extends Kind>(listener: WatchListener<K>, signal: AbortSignal, log: Log): WatchListener<K> {
  let last: string | null = null;
  const call = (told: () => void) => {
    if (signal.aborted) return;
    try {
      told();
    } catch (error) {
      log.error("what a watch saw could not be taken", { error });
    }
  };
  return {
    changed: (objects) => call(() => listener.changed(objects)),
    state(state) {
      const key = JSON.stringify(state);
      if (key === last) return;
      last = key;
      call(() => listener.state(state));
    },
  };
}
