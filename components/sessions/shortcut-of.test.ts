import { describe, expect, it } from "vitest";
import { shortcutOf } from "./shortcut-of";

const press = (key: string, ...held: ("ctrlKey" | "metaKey" | "shiftKey" | "altKey")[]) =>
  ({
    key,
    ...Object.fromEntries(
      ["ctrlKey", "metaKey", "shiftKey", "altKey"].map((name) => [name, held.includes(name as "ctrlKey")]),
    ),
  }) as Parameters<typeof shortcutOf>[0];
const at = (place: "terminal" | "field" | "dialog" | "page", going = false) => ({ place, going });

describe("shortcuts", () => {
  it("the terminal keeps every key but Ctrl-Shift-K", () => {
    for (const key of ["k", "n", "/", "?", "g", "j"]) expect(shortcutOf(press(key), at("terminal"))).toBeNull();
    expect(shortcutOf(press("k", "ctrlKey"), at("terminal"))).toBeNull();
    expect(shortcutOf(press("K", "ctrlKey", "shiftKey"), at("terminal"))).toBe("palette");
  });

  it("Ctrl-K and the Mac's command-K open the palette everywhere else, fields too", () => {
    expect(shortcutOf(press("k", "ctrlKey"), at("field"))).toBe("palette");
    expect(shortcutOf(press("k", "metaKey"), at("page"))).toBe("palette");
  });

  it("letters are letters in a field and do nothing under a dialog", () => {
    expect(shortcutOf(press("n"), at("field"))).toBeNull();
    expect(shortcutOf(press("n"), at("dialog"))).toBeNull();
    expect(shortcutOf(press("n"), at("page"))).toBe("new-session");
  });

  it("never takes the browser's own keys", () => {
    expect(shortcutOf(press("n", "ctrlKey"), at("page"))).toBeNull();
    expect(shortcutOf(press("j", "metaKey"), at("page"))).toBeNull();
  });

  it("G waits for a place", () => {
    expect(shortcutOf(press("g"), at("page"))).toBe("go");
    expect(shortcutOf(press("s"), at("page", true))).toBe("settings");
    expect(shortcutOf(press("p"), at("page", true))).toBe("pulls");
    expect(shortcutOf(press("x"), at("page", true))).toBeNull();
  });
});
