// `npm test`: builds what is stale, then every test, then one line with the counts of all runners together.
// `npm test -- unit` or `npm test -- e2e` runs one of the two.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findChromium } from "./chromium.mjs";

const root = path.resolve(import.meta.dirname, "..");
const asked = process.argv.slice(2);
const wants = (runner) => asked.length === 0 || asked.includes(runner);
const reports = mkdtempSync(path.join(os.tmpdir(), "trellis-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };

function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  return result.status ?? 1;
}

/** A runner that failed without a report, or that ran nothing, counts as one failure: silence is never success. */
function count(name, code, read) {
  let counted = { passed: 0, failed: 0, skipped: 0 };
  try {
    counted = read();
  } catch (error) {
    console.error(`${name} left no report: ${error.message}`);
  }
  if (counted.passed === 0 || (code !== 0 && counted.failed === 0)) counted.failed += 1;
  for (const key of Object.keys(total)) total[key] += counted[key];
  console.log(`${name}: ${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped`);
}

if (run(process.execPath, ["scripts/build.mjs"]) !== 0) {
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
  const code = run("npx", args);
  count("unit and integration", code, () => {
    const json = JSON.parse(readFileSync(report, "utf8"));
    const broken = json.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    const skipped = json.numPendingTests + (json.numTodoTests ?? 0);
    return { passed: json.numPassedTests, failed: json.numFailedTests + broken.length, skipped };
  });
}

if (wants("e2e")) {
  const chromium = findChromium({ install: true });
  if (chromium.path === null) {
    console.log(`browser tests skipped: ${chromium.reason}`);
    total.skipped += 1;
  } else {
    const report = path.join(reports, "e2e.json");
    const env = { CHROMIUM_PATH: chromium.path, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const code = run("npx", ["--no-install", "playwright", "test", "--reporter=list,json"], env);
    count("browser", code, () => {
      const { stats } = JSON.parse(readFileSync(report, "utf8"));
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
    });
  }
}

rmSync(reports, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
