import { AppError } from "../domain/app-error";
import type { Terminal } from "../domain/terminal";
import type { PtyState } from "./pty-host";
import { tailOf } from "./tail-of";
import type { TerminalDeps } from "./terminal-deps";

/** A holder takes 4,096 in all. */
const maxBefore = 3_000;
const maxLines = 40;

/**
 * What a shell prints first that takes the place of one that was put to rest: what stood there before, and why it is
 * new. Nobody was there for a pod that idled, and a person may have asked for it: the words hold for both.
 */
export async function restNotice(
  deps: TerminalDeps,
  { terminal, restedAt, found }: { terminal: Terminal; restedAt: Date; found: PtyState | null },
): Promise<string> {
  const before = found === null ? "" : await lastLines(deps, terminal, found);
  const when = `${restedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const words = `The pod was taken down at ${when} and is up again. This is a new shell; the files are as they were.`;
  return `${before}\x1b[2m${words}\x1b[0m`;
}

async function lastLines(deps: TerminalDeps, terminal: Terminal, { headOffset }: PtyState): Promise<string> {
  try {
    const lines = (await tailOf(deps, terminal, headOffset)).slice(-maxBefore).trimEnd().split("\n").slice(-maxLines);
    return lines.join("") === "" ? "" : `${lines.join("\n")}\n`;
  } catch (error) {
    if (!AppError.is(error) || error.code === "unavailable") throw error; // it is tried again
    deps.log.info("what a shell printed before its rest cannot be read", { terminalId: terminal.id, error });
    return "";
  }
}
