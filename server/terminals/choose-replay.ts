/** A fresh viewer is replayed the whole log up to this size; beyond it a snapshot is quicker to read. */
const maxReplayBytes = 1024 * 1024;

export type Replay =
  /** On from that byte, nothing cleared. */
  | { kind: "resume"; offset: number }
  /** Everything from the first byte. */
  | { kind: "log" }
  /** `gapFrom` is where a viewer was that the log no longer reaches; null for one that had nothing. */
  | { kind: "snapshot"; gapFrom: number | null };

/** What a viewer that asks for `wanted` is given first. An unknown epoch or an offset beyond the head is a fresh attach. */
export function chooseReplay(
  wanted: { epoch: string | null; offset: number | null },
  program: { epoch: string; tailOffset: number; headOffset: number },
): Replay {
  const { epoch, tailOffset, headOffset } = program;
  if (wanted.epoch === epoch && wanted.offset !== null && wanted.offset <= headOffset) {
    if (wanted.offset >= tailOffset) return { kind: "resume", offset: wanted.offset };
    return { kind: "snapshot", gapFrom: wanted.offset };
  }
  return tailOffset === 0 && headOffset <= maxReplayBytes ? { kind: "log" } : { kind: "snapshot", gapFrom: null };
}
