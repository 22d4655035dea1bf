import type { IParser } from "@xterm/xterm";

/**
 * The emulator beside the program alone answers queries: a viewer that did too would type its answer into the program.
 * Swallows what asks (DA, DSR, DECRQM, DECRQSS, XTVERSION, window reports, kitty, colour queries) and lets pass what sets.
 */
export function silenceQueries(parser: IParser): void {
  const swallow = () => true;
  for (const prefix of [undefined, ">", "="] as const) {
    parser.registerCsiHandler({ ...(prefix ? { prefix } : {}), final: "c" }, swallow);
  }
  for (const prefix of [undefined, "?"] as const) {
    const named = prefix ? { prefix } : {};
    parser.registerCsiHandler({ ...named, final: "n" }, swallow);
    parser.registerCsiHandler({ ...named, intermediates: "$", final: "p" }, swallow);
  }
  parser.registerCsiHandler({ prefix: ">", final: "q" }, swallow);
  parser.registerCsiHandler({ prefix: "?", final: "u" }, swallow);
  parser.registerCsiHandler({ final: "t" }, swallow);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, swallow);
  parser.registerDcsHandler({ intermediates: "+", final: "q" }, swallow);
  for (const code of [4, 10, 11, 12]) parser.registerOscHandler(code, (data) => /(^|;)\?(;|$)/.test(data));
}
