import { isTest, listFiles, read } from "./sources.mjs";

/** Every numbered invariant of ARCHITECTURE.md is quoted by a test as `[I<n>]`, and no test quotes an unknown one. */
export function checkInvariants(root) {
  const section =
    read(root, "ARCHITECTURE.md")
      .split(/^## Invariants.*$/m)[1]
      ?.split(/^## /m)[0] ?? "";
  const stated = new Set([...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => number));
  const faults = stated.size === 0 ? ["ARCHITECTURE.md states no invariants"] : [];
  const quoted = new Set();
  const tests = listFiles(root).filter(isTest);
  for (const file of tests) {
    for (const [, number] of read(root, file).matchAll(/\[I(\d+)\]/g)) {
      quoted.add(number);
      if (!stated.has(number)) faults.push(`${file}: quotes [I${number}], which ARCHITECTURE.md does not state`);
    }
  }
  for (const number of stated) if (!quoted.has(number)) faults.push(`no test quotes invariant [I${number}]`);
  return { faults, seen: tests.length };
}
