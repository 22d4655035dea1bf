import type { CloneProgress } from "../repositories";

/** Where each phase of a clone stands in the whole, in percent. Receiving is nearly all of the time. */
const phases: Record<string, { from: number; to: number }> = {
  "Counting objects": { from: 0, to: 2 },
  "Compressing objects": { from: 2, to: 5 },
  "Receiving objects": { from: 5, to: 85 },
  "Resolving deltas": { from: 85, to: 100 },
};

/** Pure; null for what tells no progress. `text` is a piece of git's stderr, the last line of it counts. */
export function cloneProgress(text: string): CloneProgress | null {
  const line = text
    .split(/[\r\n]+/)
    .map((part) => part.replace(/^remote:\s*/, "").trim())
    .findLast((part) => /^[A-Z][a-z]+ [a-z]+: +\d+% /.test(part));
  const found = line === undefined ? null : /^([A-Z][a-z]+ [a-z]+): +(\d+)% /.exec(line);
  const phase = phases[found?.[1] ?? ""];
  if (line === undefined || !found || !phase) return null;
  const percent = phase.from + ((phase.to - phase.from) * Math.min(Number(found[2]), 100)) / 100;
  return { detail: line.replace(/,? done\.$/, ""), percent: Math.round(percent) };
}
