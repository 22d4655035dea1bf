"use client";
import { useSyncExternalStore } from "react";
import "./without-eval";
import { z } from "zod";
import { browserStorage } from "./browser-storage";

/** Of this browser, not of the account: a phone wants another font size than a desk. */
const preferencesSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).catch("system"),
  terminal: z
    .object({
      fontFamily: z.string().max(200).catch("Geist Mono"),
      fontSize: z.int().min(8).max(32).catch(13),
      cursorBlink: z.boolean().catch(true),
      screenReader: z.boolean().catch(false),
      /** Lines that the viewer keeps. */
      scrollback: z.int().min(100).max(100_000).catch(10_000),
    })
    .catch({ fontFamily: "Geist Mono", fontSize: 13, cursorBlink: true, screenReader: false, scrollback: 10_000 }),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const storageKey = "trellis.preferences";
/** The theme's own key: the script that sets it before the first paint reads a bare word. */
export const themeKey = "trellis.theme";

const defaults = preferencesSchema.parse({ terminal: {} });
let current: Preferences | null = null;
const listeners = new Set<() => void>();

/** What this browser prefers; defaults where it never said, or where its storage is closed or spoilt. */
export function readPreferences(): Preferences {
  current ??= load();
  return current;
}

/** Keeps them, and tells everyone who looks. */
export function writePreferences(change: {
  theme?: Preferences["theme"];
  terminal?: Partial<Preferences["terminal"]>;
}): void {
  const before = readPreferences();
  current = preferencesSchema.parse({
    theme: change.theme ?? before.theme,
    terminal: { ...before.terminal, ...change.terminal },
  });
  browserStorage.setItem(storageKey, JSON.stringify({ terminal: current.terminal }));
  browserStorage.setItem(themeKey, current.theme);
  for (const listener of listeners) listener();
}

/** Calls back after each change, from this page or another tab. Gives its undo. */
export function subscribePreferences(listener: () => void): () => void {
  const reload = (event: StorageEvent) => {
    if (event.key !== storageKey && event.key !== themeKey) return;
    current = load();
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", reload);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", reload);
  };
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribePreferences, readPreferences, () => defaults);
}

function load(): Preferences {
  return preferencesSchema.parse({
    theme: browserStorage.getItem(themeKey) ?? "system",
    terminal: storedTerminal(browserStorage.getItem(storageKey) ?? "{}"),
  });
}

function storedTerminal(text: string): unknown {
  try {
    const stored: unknown = JSON.parse(text);
    return typeof stored === "object" && stored !== null && "terminal" in stored ? stored.terminal : {};
  } catch {
    // Spoilt: the defaults stand.
    return {};
  }
}
