import { afterEach, expect, it, vi } from "vitest";

const kept = new Map<string, string>();
function withStorage(values: Record<string, string>): Promise<typeof import("./preferences")> {
  kept.clear();
  for (const [key, value] of Object.entries(values)) kept.set(key, value);
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.resetModules();
  return import("./preferences");
}
afterEach(() => vi.unstubAllGlobals());

it("a browser that never said anything has the defaults", async () => {
  const { readPreferences } = await withStorage({});
  expect(readPreferences()).toEqual({
    theme: "system",
    terminal: { fontFamily: "Geist Mono", fontSize: 13, cursorBlink: true, screenReader: false, scrollback: 10_000 },
  });
});

it("what is spoilt falls back by itself and leaves the rest", async () => {
  const { readPreferences } = await withStorage({
    "trellis.theme": "sepia",
    "trellis.preferences": JSON.stringify({ terminal: { fontSize: 900, fontFamily: "Iosevka" } }),
  });
  expect(readPreferences()).toMatchObject({ theme: "system", terminal: { fontSize: 13, fontFamily: "Iosevka" } });
  expect((await withStorage({ "trellis.preferences": "{" })).readPreferences().terminal.fontSize).toBe(13);
});

it("a change is told, kept, and there on the next visit", async () => {
  const { readPreferences, writePreferences } = await withStorage({});
  writePreferences({ theme: "dark", terminal: { fontSize: 15 } });
  expect(readPreferences()).toMatchObject({ theme: "dark", terminal: { fontSize: 15, scrollback: 10_000 } });
  const next = await withStorage(Object.fromEntries(kept));
  expect(next.readPreferences()).toEqual(readPreferences());
});

it("storage that refuses costs nothing on this page", async () => {
  const { readPreferences, writePreferences } = await withStorage({});
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  });
  writePreferences({ theme: "light" });
  expect(readPreferences().theme).toBe("light");
});
