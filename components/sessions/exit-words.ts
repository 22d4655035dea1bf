import type { TerminalView } from "@/server/protocol/api";

/** How a program ended: `exit 3`, `killed by SIGKILL`, `lost when the holder ended`. */
export function exitWords({ code, signal, reason }: NonNullable<TerminalView["exit"]>): string {
  if (reason === "lost") return "lost when the holder ended";
  if (signal !== null) return `killed by ${signal}`;
  return code === null ? "ended, its code is unknown" : `exit ${code}`;
}
