import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Whether a process is still the one it was: a pid alone is used again. Unknown is never read as gone. */
export type Presence = "alive" | "gone" | "unknown";

/** Names a running process among all that ever had its pid; null when it is not running or cannot be looked at. */
export function identityOf(pid: number): string | null {
  const seen = look(pid);
  return seen.kind === "running" ? seen.identity : null;
}

export function presenceOf(pid: number, identity: string): Presence {
  const seen = look(pid);
  if (seen.kind === "running") return seen.identity === identity ? "alive" : "gone";
  return seen.kind;
}

/** The fields of `/proc/<pid>/stat` from the third on: the name before them may hold spaces and brackets. */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

type Seen = { kind: "running"; identity: string } | { kind: "gone" } | { kind: "unknown" };

function look(pid: number): Seen {
  return process.platform === "linux" ? lookInProc(pid) : lookWithPs(pid);
}

function lookInProc(pid: number): Seen {
  try {
    const fields = statFields(readFileSync(`/proc/${pid}/stat`, "latin1"));
    const [state, started] = [fields[0], fields[19]];
    if (state === "Z" || state === "X") return { kind: "gone" };
    if (started === undefined) return { kind: "unknown" };
    return { kind: "running", identity: `${bootId()}:${started}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { kind: code === "ENOENT" || code === "ESRCH" ? "gone" : "unknown" };
  }
}

let namespace: string | undefined;
/** Names the set of processes whose pids can be told apart from here. A volume outlives it; the same machine has many. */
export function pidNamespace(): string {
  namespace ??= process.platform === "linux" ? `${bootId()}/${readlinkSync("/proc/self/ns/pid")}` : "this machine";
  return namespace;
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  return boot;
}

function lookWithPs(pid: number): Seen {
  try {
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return started === "" ? { kind: "gone" } : { kind: "running", identity: started };
  } catch (error) {
    // `ps` ends with 1 and says nothing when there is no such process.
    return { kind: (error as { status?: number }).status === 1 ? "gone" : "unknown" };
  }
}
