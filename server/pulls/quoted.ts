import { stripVTControlCharacters } from "node:util";

/** What a stranger wrote, made harmless for whoever reads it as text: no escape, no bell, no hidden direction. */
export function withoutControls(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\r\n", "\n")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      character === "\n" || character === "\t" ? character : "",
    );
}

/** In a fence that nothing inside it can close. */
export function fenced(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}\n${text.replace(/\n+$/, "")}\n${fence}`;
}

/** The last lines, within both bounds; a cut is said. */
export function tailOf(text: string, { lines, bytes }: { lines: number; bytes: number }): string {
  const all = text.replace(/\n+$/, "").split("\n");
  let kept = all.slice(-lines);
  while (kept.length > 1 && Buffer.byteLength(kept.join("\n")) > bytes) kept = kept.slice(1);
  const joined = Buffer.from(kept.join("\n"));
  const last =
    joined.length > bytes
      ? joined
          .subarray(joined.length - bytes)
          .toString()
          .replace(/^\uFFFD+/, "")
      : joined.toString();
  return kept.length < all.length || last.length < kept.join("\n").length ? `[…]\n${last}` : last;
}
