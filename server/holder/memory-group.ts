import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MemoryFacts } from "../protocol/holder-protocol";

/** The control group that counts this process's memory. Absent on systems without one. */
export type MemoryGroup = {
  facts(): MemoryFacts;
  /** How many processes the kernel ended here for want of memory. */
  kills(): number;
};

const root = "/sys/fs/cgroup";
/** Version 1 writes the largest number of pages there is for no limit. */
const noLimit = 2 ** 62;

/** `ownGroups` is the text of /proc/self/cgroup. */
export function findMemoryGroup(files = root, ownGroups = readText("/proc/self/cgroup") ?? ""): MemoryGroup | null {
  // A container sees its own group at the root, whatever path the host knows it by.
  for (const path of [pathOf(ownGroups, ""), "/"]) {
    const unified = join(files, path);
    if (number(unified, "memory.events", "oom_kill") !== null) return unifiedGroup(unified);
  }
  for (const path of [pathOf(ownGroups, "memory"), "/"]) {
    const separate = join(files, "memory", path);
    if (number(separate, "memory.oom_control", "oom_kill") !== null) return separateGroup(separate);
  }
  return null;
}

function unifiedGroup(dir: string): MemoryGroup {
  return {
    kills: () => number(dir, "memory.events", "oom_kill") ?? 0,
    facts: () => {
      const together = number(dir, "memory.oom.group");
      return { limitBytes: number(dir, "memory.max"), endsTogether: together === null ? null : together === 1 };
    },
  };
}

function separateGroup(dir: string): MemoryGroup {
  return {
    kills: () => number(dir, "memory.oom_control", "oom_kill") ?? 0,
    facts: () => {
      const limit = number(dir, "memory.limit_in_bytes");
      return { limitBytes: limit === null || limit > noLimit ? null : limit, endsTogether: false };
    },
  };
}

/** Lines of `id:controllers:path`. */
function pathOf(ownGroups: string, controller: string): string {
  const lines = ownGroups.split("\n").map((line) => line.split(":"));
  return lines.find(([, controllers]) => controllers?.split(",").includes(controller))?.[2] ?? "/";
}

/** Null where there is no such file or word, or where it says that nothing is set. */
function number(dir: string, file: string, word?: string): number | null {
  const text = readText(join(dir, file));
  const line =
    word === undefined
      ? text
      : text
          ?.split("\n")
          .find((each) => each.startsWith(`${word} `))
          ?.slice(word.length);
  const digits = line?.trim() ?? "";
  return /^[0-9]+$/.test(digits) ? Number(digits) : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not there, or not ours to read: then nothing can be told from it.
    return null;
  }
}
