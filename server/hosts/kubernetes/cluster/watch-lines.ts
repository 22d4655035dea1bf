/** One object of the API server is at most a few MiB. */
const maxLineBytes = 16 * 1024 * 1024;

/** The whole lines of each part that comes. What ends within a line was cut, and is an error. */
export async function* readLines(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of parts) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineBytes) throw new Error("a line of a watch is too long");
    const whole = lines.filter((line) => line !== "");
    if (whole.length > 0) yield whole;
  }
  if (rest !== "") throw Object.assign(new Error("a watch was cut within a line"), { code: "ECONNRESET" });
}
