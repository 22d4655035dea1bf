const unitsBytes = ["B", "KB", "MB", "GB", "TB"] as const;

/** `1.4 GB`: thousands, one decimal below ten, none above. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < unitsBytes.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${unitsBytes[unit] ?? "B"}`;
}

/** `1 commit`, `3 commits`; `many` where adding an s is wrong. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** How long ago, as short as lists need it: `8 s`, `1 min`, `3 h`, `5 days`. Never negative: clocks differ. */
export function formatAge(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

/** How long something took: `0.3 s`, `38.6 s`, `2 min 11 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Until when something is kept: `6 more days`, `5 more hours`, `less than an hour`. */
export function formatUntil(untilMs: number, nowMs: number): string {
  const hours = Math.floor((untilMs - nowMs) / 3_600_000);
  if (hours < 1) return "less than an hour";
  return hours < 48 ? `${hours} more ${hours === 1 ? "hour" : "hours"}` : `${Math.floor(hours / 24)} more days`;
}

/** `a, b, c, 4 more`: strangers' names, so that each keeps to itself and many do not flood a line. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map(isolated);
  return [...shown, ...(names.length > most ? [`${names.length - most} more`] : [])].join(", ");
}

const bidiControls = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const runsLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** A stranger's words inside a sentence: which way they run ends with them, and they turn nothing around them. */
export function isolated(text: string): string {
  const plain = text.replace(bidiControls, "");
  return runsLeft.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** Head and tail of a path or branch, cut so that the tail (its telling part) is never lost. */
export function splitMiddle(text: string, tailLength = 12): { head: string; tail: string } {
  const cut = Math.max(0, text.length - tailLength);
  return { head: text.slice(0, cut), tail: text.slice(cut) };
}
