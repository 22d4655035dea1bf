import { readdirSync, readFileSync } from "node:fs";

export type SeenProcess = { pid: number; argv: string[]; environ: string };

/** All processes that may be looked at, without zombies. */
export function processes(): SeenProcess[] {
  const seen: SeenProcess[] = [];
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      if (/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${name}/stat`, "latin1"))) continue;
      const argv = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").slice(0, -1);
      seen.push({ pid: Number(name), argv, environ: readFileSync(`/proc/${name}/environ`, "latin1") });
    } catch {
      // It ended while it was looked at, or is another user's.
    }
  }
  return seen;
}

/** What carries the mark of this session. */
export const markedWith = (sessionId: string) =>
  processes().filter(({ environ }) => environ.split("\0").includes(`TRELLIS_SESSION=${sessionId}`));

/** The holder of this data directory. */
export function holderOf(dataDir: string): number | null {
  const isIts = ({ argv }: SeenProcess) =>
    argv.some((one) => one.endsWith("holder.mjs")) &&
    argv.includes("serve") &&
    argv.some((one) => one.startsWith(dataDir));
  return processes().find(isIts)?.pid ?? null;
}

export const isAlive = (pid: number) => processes().some((each) => each.pid === pid);
