import { stripVTControlCharacters } from "node:util";

/** Terminal output as text: no escape sequences, and of a line that was rewritten only what it ended as. */
export function plainText(bytes: Uint8Array): string {
  const text = stripVTControlCharacters(new TextDecoder().decode(bytes)).replace(/\r+\n/g, "\n");
  const lines = text.split("\n").map((line) => line.slice(line.lastIndexOf("\r") + 1));
  return [...lines.join("\n")].filter((each) => each >= " " || each === "\n" || each === "\t").join("");
}
