import { appendFileSync, renameSync, statSync } from "node:fs";
import type { Log } from "../kit/log";

const maxBytes = 1024 * 1024;

/** JSON lines in a file of its own and the one before it, for nobody reads a detached program's stderr. */
export function boundedLog(path: string, fields: Record<string, unknown> = {}): Log {
  const write = (level: string, message: string, more: Record<string, unknown> = {}) => {
    const line = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields, ...readable(more) });
    try {
      if (size(path) > maxBytes) renameSync(path, `${path}.1`);
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not end the programs held here; there is nowhere else to say it.
    }
  };
  return {
    debug: () => {},
    info: (message, more) => write("info", message, more),
    warn: (message, more) => write("warn", message, more),
    error: (message, more) => write("error", message, more),
    child: (more) => boundedLog(path, { ...fields, ...more }),
  };
}

function size(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** An Error has no fields of its own to print. */
function readable(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? (value.stack ?? value.message) : value,
    ]),
  );
}
