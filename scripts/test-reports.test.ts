import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
// @ts-expect-error: plain scripts, without declarations
import { readJourneys, readUnits, tellAgain } from "./test-reports.mjs";

const project = path.resolve(import.meta.dirname, "..");
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "trellis-reports-"));
  symlinkSync(path.join(project, "node_modules"), path.join(root, "node_modules"));
  writeFileSync(path.join(root, "package.json"), `{"type":"module"}`);
});
afterEach(() => rmSync(root, { recursive: true }));

const three = (from: string) => `import { expect, test } from "${from}";
test("that holds", () => expect(1).toBe(1));
test("that fails", () => expect("what there is").toBe("what there should be"));
test.skip("that waits (no forge)", () => {});
`;

/** The report of the real runner over what was planted. */
function reportOf(args: string[]) {
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(root, "report.json") };
  const ran = spawnSync("npx", ["--no-install", ...args], { cwd: root, env, encoding: "utf8" });
  expect(ran.status, ran.stderr).toBe(1);
  return JSON.parse(readFileSync(path.join(root, "report.json"), "utf8"));
}

test("vitest's report: counts, what was skipped, and each failure with its words", () => {
  writeFileSync(path.join(root, "three.test.ts"), three("vitest"));
  writeFileSync(path.join(root, "broken.test.ts"), `throw new Error("no test here");`);
  const told = readUnits(reportOf(["vitest", "run", "--reporter=json", "--outputFile=report.json"]));
  expect(told).toMatchObject({ passed: 1, failed: 2, skipped: 1, skips: ["that waits (no forge)"] });
  const lines = tellAgain(told.failures).join("\n");
  expect(lines).toMatch(/^failed: .*broken\.test\.ts\n {2}no test here/m);
  expect(lines).toMatch(/^failed: .*three\.test\.ts: that fails\n {2}.*what there is.*what there should be/m);
});

test("Playwright's report: counts, what was skipped, and each failure with its words", () => {
  writeFileSync(path.join(root, "three.spec.ts"), three("@playwright/test"));
  const told = readJourneys(reportOf(["playwright", "test", "--reporter=json"]));
  expect(told).toMatchObject({ passed: 1, failed: 1, skipped: 1 });
  expect(told.skips).toEqual(["three.spec.ts: that waits (no forge) (skip)"]);
  const lines = tellAgain(told.failures);
  expect(lines[0]).toBe("failed: three.spec.ts: that fails");
  expect(lines.join("\n")).toContain(`Expected: "what there should be"`);
});

test("Playwright's report: what the page showed is told behind the words", () => {
  writeFileSync(path.join(root, "kept.md"), "# Error\n```\nno\n```\n\n```yaml\n- main:\n  - list\n```\n\n# Source\n");
  // Playwright attaches it by this name where a page was open; a browser is not needed to read it.
  const attach = `test.info().attach("error-context", { path: "kept.md" })`;
  const planted = `import { test } from "@playwright/test"; test("no", async () => { await ${attach}; throw new Error("no"); });`;
  writeFileSync(path.join(root, "page.spec.ts"), planted);
  const told = readJourneys(reportOf(["playwright", "test", "--reporter=json"]));
  expect(tellAgain(told.failures).slice(-3)).toEqual(["  on a page that showed", "  - main:", "    - list"]);
});

test("Playwright's report: a file that does not load is a failure with its words", () => {
  writeFileSync(path.join(root, "broken.spec.ts"), `throw new Error("no journey here");`);
  const told = readJourneys(reportOf(["playwright", "test", "--reporter=json"]));
  expect(tellAgain(told.failures).join("\n")).toContain("no journey here");
});

test("a failure is told with its first lines and without colours, and many by name", () => {
  const words = Array.from({ length: 30 }, (_, at) => `\u001b[31mline ${at}\u001b[39m`).join("\n");
  expect(tellAgain([])).toEqual([]);
  const [head, first, ...rest] = tellAgain([{ name: "one", words }]);
  expect([head, first, rest.at(-1)]).toEqual(["failed: one", "  line 0", "  … 10 lines more above"]);
  const many = Array.from({ length: 12 }, (_, at) => ({ name: `test ${at}`, words: "why" }));
  expect(tellAgain(many).slice(-3)).toEqual(["  why", "failed: test 10", "failed: test 11"]);
});
