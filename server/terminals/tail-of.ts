import type { Terminal } from "../domain/terminal";
import { readOutput } from "./output-log";
import { plainText } from "./plain-text";
import type { TerminalDeps } from "./terminal-deps";

const tailBytes = 4 * 1024;

/** The last it printed, as a person reads it: without colours, and each line as its last rewrite left it. */
export async function tailOf(deps: TerminalDeps, terminal: Terminal, headOffset: number): Promise<string> {
  const { bytes } = await readOutput(deps, terminal, { from: Math.max(0, headOffset - tailBytes), limit: tailBytes });
  return plainText(bytes);
}
