export type Disk = { availableBytes: number; sizeBytes: number };

/** `df --output=avail,size`: null when it says nothing of use, and then nothing is known. Pure. */
export function parseDisk(output: string): Disk | null {
  const match = /^\s*(\d+)\s+(\d+)\s*$/m.exec(output);
  const sizeBytes = Number(match?.[2] ?? 0);
  return match && sizeBytes > 0 ? { availableBytes: Number(match[1]), sizeBytes } : null;
}

/** Both small for its size and small in itself: a big disk at 4 % has room for many worktrees. Pure. */
export const isShort = ({ availableBytes, sizeBytes }: Disk): boolean =>
  availableBytes < sizeBytes * 0.05 && availableBytes < 2 * 1024 ** 3;
