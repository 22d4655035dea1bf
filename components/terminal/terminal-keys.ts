/** What the page takes from a focused terminal; every other key belongs to the program. */
export type PageKey = "palette" | "search" | "copy" | "paste" | "leave";

const withControlShift: Record<string, PageKey> = {
  k: "palette",
  f: "search",
  c: "copy",
  v: "paste",
  ".": "leave",
  ">": "leave",
};

/** Ctrl-Shift-K, F, C, V and `.`, on a Mac too: ⌘ never takes the place of the terminal's own Ctrl. */
export function pageKey(
  event: Pick<KeyboardEvent, "type" | "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">,
): PageKey | null {
  if (event.type !== "keydown" || event.altKey || event.metaKey || !event.ctrlKey || !event.shiftKey) return null;
  return withControlShift[event.key.toLowerCase()] ?? null;
}
