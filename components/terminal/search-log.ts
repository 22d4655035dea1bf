export type LogMatch = { line: number; text: string };

/** Lines of plain output that hold the text, in any case: all are counted, and the newest come first, up to `most`. */
export function searchLog(output: string, text: string, most: number): { count: number; matches: LogMatch[] } {
  const wanted = text.toLowerCase();
  const lines = output.split("\n");
  const matches: LogMatch[] = [];
  let count = 0;
  for (let at = lines.length - 1; at >= 0 && wanted !== ""; at--) {
    const line = lines[at] ?? "";
    if (!line.toLowerCase().includes(wanted)) continue;
    count += 1;
    if (matches.length < most) matches.push({ line: at + 1, text: line });
  }
  return { count, matches };
}
