import type { HeldProcess } from "./held-process";
import type { MemoryGroup } from "./memory-group";

const lookMs = 1000;
/** An end that is this young when the count was seen to have grown is the kernel's doing. */
const togetherMs = 3000;

/**
 * Tells terminals when the kernel ended a process for want of memory: what ran in a shell is gone with one word, and a
 * build that fails for it looks like any other. Looked at by the clock, for version 1 tells nobody without a write.
 */
export function watchMemory(group: MemoryGroup, held: () => HeldProcess[]): () => void {
  let known = group.kills();
  const timer = setInterval(() => {
    const kills = group.kills();
    if (kills > known) warn(kills - known, group, held());
    known = kills;
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

function warn(count: number, group: MemoryGroup, all: HeldProcess[]): void {
  const { limitBytes } = group.facts();
  const limit = limitBytes === null ? "" : ` of ${Math.round(limitBytes / 1024 ** 2)} MiB`;
  const what = count === 1 ? "a process" : `${count} processes`;
  const ended = all.filter(wasEndedNow);
  for (const one of all) {
    if (!ended.includes(one) && one.pid === null) continue;
    const whose = ended.includes(one)
      ? "this terminal's own program"
      : ended[0] && `the program of the terminal ${ended[0].title ?? ended[0].id}`;
    one.warn(`out of memory: the limit${limit} was reached, and the kernel ended ${whose ?? `${what} here`}`);
  }
}

function wasEndedNow({ exit, endedAt }: HeldProcess): boolean {
  return exit?.signal === "SIGKILL" && exit.reason === "exited" && Date.now() - (endedAt ?? 0) < togetherMs;
}
