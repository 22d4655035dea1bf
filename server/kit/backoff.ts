/** Doubles from 1 s to `atMostMs`; the jitter keeps what failed together from coming back together. */
export function backoffMs(attempt: number, atMostMs = 60_000, random = Math.random): number {
  const fullMs = Math.min(atMostMs, 1_000 * 2 ** Math.min(attempt, 20));
  return Math.round(fullMs * (0.5 + random() / 2));
}
