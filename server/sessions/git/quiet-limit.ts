import type { RunOptions } from "../host";

/** Ends a command that printed nothing for `quietMs`: a transfer that still moves has no other limit than its `timeoutMs`. */
export function quietLimit(
  quietMs: number,
  signal: AbortSignal,
): { options: Required<Pick<RunOptions, "signal" | "onOutput">>; wasQuiet: () => boolean; close: () => void } {
  const quiet = new AbortController();
  const timer = setTimeout(() => quiet.abort(new Error(`git printed nothing for ${quietMs / 1_000} s`)), quietMs);
  return {
    options: { signal: AbortSignal.any([signal, quiet.signal]), onOutput: () => void timer.refresh() },
    wasQuiet: () => quiet.signal.aborted && !signal.aborted,
    close: () => clearTimeout(timer),
  };
}
