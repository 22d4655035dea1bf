import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { sessionMark, terminalMark } from "./environment";
import { statFields } from "./process-identity";

/** A process as looked at now. `session` is the system's own (a terminal's first process leads one). */
export type SeenProcess = {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** The group in the foreground of its tty; null without a tty. */
  foreground: number | null;
  argv: string[];
  name: string;
  startedAt: number | null;
  marks: Marks | null;
};

export type Marks = { sessionId: string; terminalId: string | null };

/** A program that was started here: all in its system session belong to it, whatever they made of their environment. */
export type Root = { pid: number; marks: Marks };

/**
 * All that carry a session mark: in their environment as they were started (which finds what became a daemon), by the
 * terminal that they sit in, or by a parent that does. Without /proc only the terminals' own groups are seen. What
 * another user owns cannot be looked at and is left out.
 */
export async function markedProcesses(roots: Root[]): Promise<SeenProcess[]> {
  const all = process.platform === "linux" ? await fromProc() : await fromPs();
  const byPid = new Map(all.map((seen) => [seen.pid, seen]));
  const byRoot = new Map(roots.map(({ pid, marks }) => [pid, marks]));
  const marksOf = (seen: SeenProcess, depth: number): Marks | null => {
    const own = seen.marks ?? byRoot.get(seen.session) ?? byRoot.get(seen.pid) ?? null;
    const parent = byPid.get(seen.parent);
    if (own !== null || parent === undefined || depth > 64) return own;
    return marksOf(parent, depth + 1);
  };
  const marked = all.map((seen) => ({ ...seen, marks: marksOf(seen, 0) }));
  return marked.filter((seen) => seen.marks !== null && seen.pid !== process.pid);
}

async function fromProc(): Promise<SeenProcess[]> {
  const bootedAt = await bootTime();
  const pids = (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name));
  const seen: SeenProcess[] = [];
  // A few at a time: hundreds of reads at once would crowd out the log's own writes.
  for (let at = 0; at < pids.length; at += 32) {
    const part = await Promise.all(pids.slice(at, at + 32).map((pid) => oneFromProc(Number(pid), bootedAt)));
    for (const one of part) if (one !== null) seen.push(one);
  }
  return seen;
}

async function oneFromProc(pid: number, bootedAt: number | null): Promise<SeenProcess | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    const fields = statFields(stat);
    const [state, parent, group, session, tty, foreground] = fields;
    if (state === "Z" || state === "X") return null;
    const [environ, cmdline] = await Promise.all([
      // Another user's, or gone meanwhile: its terminal or its parent may still tell.
      readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
    ]);
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      foreground: tty === "0" ? null : Number(foreground),
      argv: cmdline.split("\0").slice(0, -1),
      name: stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")),
      // Clock ticks are hundredths of a second on every Linux that Node runs on.
      startedAt: bootedAt === null ? null : bootedAt + Number(fields[19]) * 10,
      marks: marksIn(environ),
    };
  } catch {
    // It ended while it was looked at.
    return null;
  }
}

function marksIn(environ: string): Marks | null {
  let sessionId: string | null = null;
  let terminalId: string | null = null;
  if (!environ.includes(sessionMark)) return null;
  for (const entry of environ.split("\0")) {
    if (entry.startsWith(`${sessionMark}=`)) sessionId = entry.slice(sessionMark.length + 1);
    if (entry.startsWith(`${terminalMark}=`)) terminalId = entry.slice(terminalMark.length + 1);
  }
  return sessionId === null ? null : { sessionId, terminalId };
}

async function bootTime(): Promise<number | null> {
  const stat = await readFile("/proc/stat", "latin1").catch(() => "");
  const seconds = /^btime ([0-9]+)$/m.exec(stat)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

async function fromPs(): Promise<SeenProcess[]> {
  const columns = "pid=,ppid=,pgid=,sess=,tpgid=,ucomm=,command=";
  const { stdout } = await promisify(execFile)("ps", ["-axo", columns], { maxBuffer: 16 * 1024 * 1024 });
  const seen: SeenProcess[] = [];
  for (const line of stdout.split("\n")) {
    const [pid, parent, group, , foreground, name, ...command] = line.trim().split(/\s+/);
    if (pid === undefined || name === undefined) continue;
    const numbers = { pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group) };
    const front = Number(foreground) > 0 ? Number(foreground) : null;
    seen.push({ ...numbers, foreground: front, argv: command, name, startedAt: null, marks: null });
  }
  return seen;
}
