type Kept = { endedAt: number | null; log: { diskBytes: number } };

/** Whose oldest output goes first when all logs are too much: of what ended longest ago, then of the longest. */
export function dropOrder<Log extends Kept>(logs: Log[]): Log[] {
  const held = logs.filter(({ log }) => log.diskBytes > 0);
  const over = held.filter(({ endedAt }) => endedAt !== null);
  over.sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0));
  const running = held.filter(({ endedAt }) => endedAt === null);
  running.sort((one, other) => other.log.diskBytes - one.log.diskBytes);
  return [...over, ...running];
}
