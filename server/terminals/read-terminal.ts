import type { Terminal } from "../domain/terminal";
import type { TerminalReading, TerminalState } from "./terminals";

/** `seen` is whether the program is being followed right now: without that a stored epoch says nothing about today. */
export function readTerminal(terminal: Terminal, seen: boolean): TerminalReading {
  return { terminal, title: titleOf(terminal), state: stateOf(terminal, seen) };
}

function stateOf({ closedAt, exit, epoch }: Terminal, seen: boolean): TerminalState {
  if (closedAt) return "closed";
  if (exit) return "exited";
  if (epoch === null) return "starting";
  return seen ? "running" : "unknown";
}

function titleOf({ title, programTitle, command }: Terminal): string {
  return title ?? (programTitle || null) ?? command?.[0]?.split("/").at(-1) ?? "Shell";
}
