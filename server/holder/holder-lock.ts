import { linkSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { identityOf, presenceOf } from "./process-identity";

const owner = z.object({ pid: z.int(), identity: z.string() });
type Claim = { number: number; name: string };

export type LockResult = { kind: "held" } | { kind: "taken"; pid: number };

const prefix = "lock-";

/**
 * One holder per directory, for as long as its process lives. Lock files are numbered and only ever made, complete, by
 * `link`: of two that start at once one makes the next number, and the other then finds it alive. Taking over from a
 * dead one deletes nothing that a third could be judging meanwhile; lower numbers go once a higher one stands.
 */
export function takeLock(dir: string): LockResult {
  const identity = identityOf(process.pid);
  if (identity === null) throw new Error("this process cannot see when it was started: is /proc mounted?");
  for (;;) {
    const highest = claims(dir).at(-1);
    const pid = highest === undefined ? null : livingOwner(join(dir, highest.name));
    if (pid !== null) return { kind: "taken", pid };
    const number = (highest?.number ?? 0) + 1;
    if (!make(dir, number, identity)) continue;
    if (claims(dir).at(-1)?.number !== number) {
      unlinkSync(join(dir, prefix + number));
      continue;
    }
    for (const lower of claims(dir).slice(0, -1)) rmSync(join(dir, lower.name), { force: true });
    return { kind: "held" };
  }
}

function claims(dir: string): Claim[] {
  return readdirSync(dir)
    .filter((name) => /^lock-[0-9]+$/.test(name))
    .map((name) => ({ name, number: Number(name.slice(prefix.length)) }))
    .sort((one, other) => one.number - other.number);
}

function make(dir: string, number: number, identity: string): boolean {
  const draft = join(dir, `${prefix}draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify({ pid: process.pid, identity }), { mode: 0o600 });
  try {
    linkSync(draft, join(dir, prefix + number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The pid of who holds this claim; an owner that cannot be looked at counts as living. */
function livingOwner(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const { pid, identity } = owner.parse(JSON.parse(text));
  return presenceOf(pid, identity) === "gone" ? null : pid;
}
