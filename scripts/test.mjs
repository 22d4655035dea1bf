// `npm test`: builds what is stale, then every test, then one line with the counts of all runners together.
// `npm test -- unit` or `npm test -- e2e` runs one of the two. Where TRELLIS_TEST_MUST_RUN is set (a pattern), a test
// that was skipped for a reason it matches counts as failed: what the runner was given is to be used.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { readJourneys, readUnits, tellAgain } from "./test-reports.mjs";

const root = path.resolve(import.meta.dirname, "..");
const asked = process.argv.slice(2);
const wants = (runner) => asked.length === 0 || asked.includes(runner);
const reports = mkdtempSync(path.join(os.tmpdir(), "trellis-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const mustRun = process.env.TRELLIS_TEST_MUST_RUN ? new RegExp(process.env.TRELLIS_TEST_MUST_RUN) : null;

function run(command, args, env = {}) {
  const startedAt = performance.now();
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  return { code: result.status ?? 1, seconds: Math.round((performance.now() - startedAt) / 1000) };
}

/** A runner that failed without a report, or that ran nothing, counts as one failure: silence is never success. */
function count(name, { code, seconds, report }, read) {
  let counted = { passed: 0, failed: 0, skipped: 0, skips: [], failures: [] };
  try {
    counted = read(JSON.parse(readFileSync(report, "utf8")));
  } catch (error) {
    console.error(`${name} left no report: ${error.message}`);
  }
  failures.push(...counted.failures);
  for (const skip of counted.skips) {
    const wrong = mustRun?.test(skip) ?? false;
    console.log(`${wrong ? "must not be skipped" : "skipped"}: ${skip}`);
    if (!wrong) continue;
    failures.push({ name: skip, words: "was skipped, and must not be" });
    counted.failed += 1;
    counted.skipped -= 1;
  }
  if (counted.passed === 0 || (code !== 0 && counted.failed === 0)) {
    failures.push({ name, words: `the runner ended with code ${code}, and ${counted.passed} tests passed` });
    counted.failed += 1;
  }
  for (const key of Object.keys(total)) total[key] += counted[key];
  console.log(`${name}: took ${seconds} s`);
  console.log(`${name}: ${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped`);
}

if (run(process.execPath, ["scripts/build.mjs"]).code !== 0) {
  console.log("0 passed, 1 failed, 0 skipped");
  process.exit(1);
}

if (wants("unit")) {
  const report = path.join(reports, "unit.json");
  const args = [
    "--no-install",
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const ran = run("npx", args);
  count("unit and integration", { ...ran, report }, readUnits);
}

if (wants("e2e")) {
  const chromium = findChromium({ install: true });
  if (chromium.path === null) {
    console.log(`browser tests skipped: ${chromium.reason}`);
    total.skipped += 1;
  } else {
    const report = path.join(reports, "e2e.json");
    const env = { CHROMIUM_PATH: chromium.path, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const ran = run("npx", ["--no-install", "playwright", "test", "--reporter=list,json"], env);
    count("browser", { ...ran, report }, readJourneys);
  }
}

rmSync(reports, { recursive: true, force: true });
for (const line of tellAgain(failures)) console.log(line);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
