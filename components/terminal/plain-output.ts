/** Control sequences: CSI, OSC with either end, other strings, charset choices, single escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]|[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Output as text to read: without colours and cursor moves, a line that was drawn over as it stood last. */
export function plainOutput(bytes: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const text = bytes.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  return text
    .replace(sequences, "")
    .split("\n")
    .map((line) => lastDrawn(line).replace(controls, "").trimEnd())
    .join("\n");
}

function lastDrawn(line: string): string {
  const drawn = line.replace(/\r+$/, "").split("\r");
  return drawn.findLast((part) => part !== "") ?? "";
}
