/** Of what git printed, the lines that say what went wrong: progress is no reason. At most 8 lines and 4 KiB. */
export function lastWords(output: string): string {
  const lines = output.split(/[\r\n]+/).map((line) => line.trim());
  const telling = lines.filter(
    (line) => line !== "" && !/:\s+\d+% |^remote: (Enumerating|Total)|^Cloning into/.test(line),
  );
  return telling.slice(-8).join("\n").slice(-4_096);
}
