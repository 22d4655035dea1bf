import { AppError } from "../../domain/app-error";
import type { Look } from "../../domain/loss";

export type PartLimits = { signal: AbortSignal; limitMs: number; whenAway: "unknown" | "throw" };

/**
 * One part of a look, with a limit of its own: what fails or is slow is unknown with its reason, and spoils no other
 * part. The server's own stop is thrown on, and where it is asked for, a host that is away.
 */
export async function part<T>(
  { signal, limitMs, whenAway }: PartLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Look<T>> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return { state: "known", value: await work(AbortSignal.any([signal, limit.signal])) };
  } catch (error) {
    signal.throwIfAborted();
    if (whenAway === "throw" && AppError.is(error) && error.code === "unavailable") throw error;
    if (limit.signal.aborted) return { state: "unknown", reason: `no answer in ${limitMs / 1_000} s` };
    return { state: "unknown", reason: (error instanceof Error ? error.message : String(error)).slice(0, 500) };
  } finally {
    clearTimeout(timer);
  }
}
