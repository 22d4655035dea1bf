export type Row = {
  what: string;
  ours: string;
  against: string;
  /** What is compared with the target: a ratio or a difference. */
  result: string;
  target: string;
  /** Null where this machine cannot judge it. */
  met: boolean | null;
};

/** One table, in the order measured. What falls short says so. */
export function printTable(rows: Row[]): void {
  const header: Row = { what: "what", ours: "ours", against: "against", result: "result", target: "target", met: true };
  const cells = (row: Row, verdict: string) => [row.what, row.ours, row.against, row.result, row.target, verdict];
  const lines = rows.map((row) => cells(row, row.met === null ? "printed" : row.met ? "met" : "FALLS SHORT"));
  const all = [cells(header, "verdict"), ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  const print = (line: string[]) =>
    console.log(`| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`);
  all.forEach((line, at) => {
    print(line);
    if (at === 0) print(widths.map((width) => "-".repeat(width)));
  });
}

export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

export const spread = (values: number[]) =>
  `${[0.5, 0.95, 0.99].map((share) => quantile(values, share).toFixed(2)).join(" / ")} ms`;
