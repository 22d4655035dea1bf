import type { TerminalView } from "../../protocol/api";
import type { TerminalReading } from "../../terminals/terminals";

export function terminalView({ terminal, title, state }: TerminalReading): TerminalView {
  return {
    id: terminal.id,
    title,
    renamed: terminal.title !== null,
    command: terminal.command,
    state,
    exit: terminal.exit && {
      code: terminal.exit.code,
      signal: terminal.exit.signal,
      reason: terminal.exit.reason,
      at: terminal.exit.at.toISOString(),
    },
    createdAt: terminal.createdAt.toISOString(),
  };
}
