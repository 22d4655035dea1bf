/** A key of the key bar. Letters come from the phone's own keyboard. */
export type BarKey = "Escape" | "Tab" | "ArrowLeft" | "ArrowUp" | "ArrowDown" | "ArrowRight";

/** `once` holds for one key, `locked` until it is tapped again. */
export type HeldState = "off" | "once" | "locked";
export type Held = { ctrl: HeldState; alt: HeldState };

export const nothingHeld: Held = { ctrl: "off", alt: "off" };

const next: Record<HeldState, HeldState> = { off: "once", once: "locked", locked: "off" };

/** A tap holds for one key, a second one locks, a third lets go. */
export function tapHeld(held: Held, which: keyof Held): Held {
  return { ...held, [which]: next[held[which]] };
}

/** After a key: what was held once is let go. */
export function afterKey(held: Held): Held {
  const settle = (state: HeldState): HeldState => (state === "locked" ? "locked" : "off");
  return { ctrl: settle(held.ctrl), alt: settle(held.alt) };
}

const arrows: Record<string, string> = { ArrowUp: "A", ArrowDown: "B", ArrowRight: "C", ArrowLeft: "D" };

/** What xterm sends for a key (ctlseqs, "PC-Style Function Keys"): `applicationCursor` is DECCKM. */
export function barKeySequence(key: BarKey, held: Held, applicationCursor: boolean): string {
  const modifiers = 1 + (held.alt === "off" ? 0 : 2) + (held.ctrl === "off" ? 0 : 4);
  const arrow = arrows[key];
  if (arrow) {
    if (modifiers > 1) return `\x1b[1;${modifiers}${arrow}`;
    return applicationCursor ? `\x1bO${arrow}` : `\x1b[${arrow}`;
  }
  const plain = key === "Tab" ? "\t" : "\x1b";
  return held.alt === "off" ? plain : `\x1b${plain}`;
}

/** What a typed character becomes while Ctrl or Alt is held; longer input (a paste, a word from a suggestion) is left. */
export function withHeld(text: string, held: Held): string {
  if ([...text].length !== 1) return text;
  const code = text.toUpperCase().charCodeAt(0);
  const controlled = held.ctrl !== "off" && code >= 0x3f && code <= 0x5f ? String.fromCharCode(code ^ 0x40) : text;
  const spaced = held.ctrl !== "off" && text === " " ? "\0" : controlled;
  return held.alt === "off" ? spaced : `\x1b${spaced}`;
}
