/** What a key does outside the terminal. Inside one every key but Ctrl-Shift-K belongs to the program. */
export type Shortcut =
  | "palette"
  | "new-session"
  | "filter"
  | "keys"
  | "go"
  | "overview"
  | "repository"
  | "settings"
  | "pulls"
  | "next"
  | "previous";

type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean };
type Where = {
  place: "terminal" | "field" | "dialog" | "page";
  /** G was the key before. */
  going: boolean;
};

/** Null leaves the key to whoever has the focus. ⌘ stands for Ctrl, but never inside the terminal's own Ctrl. */
export function shortcutOf(pressed: Pressed, { place, going }: Where): Shortcut | null {
  const key = pressed.key.toLowerCase();
  const control = pressed.ctrlKey || pressed.metaKey;
  if (control && pressed.shiftKey && !pressed.altKey && key === "k") return "palette";
  if (place === "terminal") return null;
  if (control && !pressed.shiftKey && !pressed.altKey && key === "k") return "palette";
  if (control || pressed.altKey || place !== "page") return null;
  if (going) return goings[key] ?? null;
  return plain[key] ?? null;
}

const plain: Record<string, Shortcut> = {
  n: "new-session",
  "/": "filter",
  "?": "keys",
  g: "go",
  j: "next",
  arrowdown: "next",
  k: "previous",
  arrowup: "previous",
};

const goings: Record<string, Shortcut> = { o: "overview", r: "repository", s: "settings", p: "pulls" };
