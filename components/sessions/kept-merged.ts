"use client";
import { useSyncExternalStore } from "react";
import { browserStorage } from "@/components/live/browser-storage";

/** Sessions that a person goes on with after all of theirs merged: asked about once. Of this browser alone. */
const storageKey = "trellis.kept-merged";
const keptMost = 200;
const none: ReadonlySet<string> = new Set();
let kept: ReadonlySet<string> | null = null;
const listeners = new Set<() => void>();

export function keepMerged(key: string): void {
  kept = new Set([...read(), key].slice(-keptMost));
  browserStorage.setItem(storageKey, JSON.stringify([...kept]));
  for (const listener of listeners) listener();
}

export function useKeptMerged(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, read, () => none);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): ReadonlySet<string> {
  kept ??= new Set(stored(browserStorage.getItem(storageKey)));
  return kept;
}

function stored(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
  } catch {
    // Spoilt: as if nothing had been kept; at worst it is asked once more.
    return [];
  }
}
