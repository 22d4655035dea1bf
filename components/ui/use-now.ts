"use client";
import { useSyncExternalStore } from "react";

/** One clock for all relative times on a page. It ticks each second while someone looks at it. */
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** Milliseconds since 1970, anew each second. `resolution` keeps far things from drawing again each second. */
export function useNow(resolutionMs = 1000): number {
  const read = () => Math.floor(now / resolutionMs) * resolutionMs;
  return useSyncExternalStore(subscribe, read, () => 0);
}
