import type { PtySnapshot } from "./pty-host";
import type { ViewerMessage } from "./terminals";

export type SnapshotPart = Extract<ViewerMessage, { kind: "snapshot" }>;

/** A snapshot as it is sent: at least one part, the first and the last marked. */
export function cutSnapshot({ offset, cols, rows, bytes }: PtySnapshot, partBytes: number): SnapshotPart[] {
  const parts: SnapshotPart[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += partBytes) {
    const last = at + partBytes >= bytes.length;
    const part = bytes.subarray(at, at + partBytes);
    parts.push({ kind: "snapshot", first: at === 0, last, offset, cols, rows, bytes: part });
  }
  return parts;
}
