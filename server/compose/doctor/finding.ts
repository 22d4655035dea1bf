/** One thing the doctor looked at. A `note` works as it is; what is to `mend` keeps sessions from working. */
export type Finding = { name: string; kind: "well" | "note" | "mend"; says: string };

/** What `look` says is well; what it is rejected with is to be mended. */
export async function find(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, kind: "well", says: await look() };
  } catch (error) {
    return { name, kind: "mend", says: error instanceof Error ? error.message : String(error) };
  }
}

/** For a person at a terminal: one line for each, and what belongs to it below. */
export function findingLines(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, kind, says }) => {
    const [first = "", ...rest] = says.split("\n");
    return [
      `${kind.padEnd(4)}  ${name.padEnd(width)}  ${first}`,
      ...rest.map((line) => `${" ".repeat(width + 8)}${line}`),
    ];
  });
  const toMend = findings.filter(({ kind }) => kind === "mend").length;
  const last = toMend === 0 ? "Nothing to mend." : `To mend: ${toMend}.`;
  return `${lines.flat().join("\n")}\n${last}\n`;
}
