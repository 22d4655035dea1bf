import type { ProcessExit } from "../domain/terminal";

/** Whether a person may want to know that a program is over: not when it ended well, nor when it was told to end. */
export function endedBadly({ code, signal, reason }: ProcessExit): boolean {
  if (reason === "lost") return true;
  return reason === "exited" && (signal !== null || (code !== null && code !== 0));
}
