// What the two runners' JSON reports say, in one shape: counts, what was skipped and why, and what failed and with which
// words. The failures are told once more at the end: who sees only the last lines of a run sees what there is to mend.
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** Lines of one failure that are told again; its whole stands in the runner's own output. */
const maxLines = 20;
/** Lines of the page a browser test failed on: what it showed instead tells more than what it was waited for. */
const maxPageLines = 60;
/** Failures that are told again with their words; the rest by name. */
const maxTold = 10;

/** `json`: vitest's report. A file that failed before its first test counts as one failure. */
export function readUnits(json) {
  const broken = json.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const tests = json.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const skipped = tests.filter(({ status }) => status === "skipped" || status === "pending");
  const failed = tests.filter(({ status }) => status === "failed");
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests + broken.length,
    skipped: json.numPendingTests + (json.numTodoTests ?? 0),
    skips: skipped.map(({ fullName }) => fullName),
    failures: [
      ...broken.map(({ name, message }) => ({ name, words: message })),
      ...failed.map((test) => ({ name: `${test.file}: ${test.fullName}`, words: test.failureMessages.join("\n") })),
    ],
  };
}

/** `json`: Playwright's report. What passed at a second try counts as passed. */
export function readJourneys({ stats, suites, errors = [] }) {
  const tests = suites.flatMap(testsOf);
  const of = (status) => tests.filter((test) => test.status === status);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    skips: of("skipped").map(({ name, why }) => `${name} (${why})`),
    failures: [
      ...errors.map(({ message }) => ({ name: "the browser tests as a whole", words: message ?? "" })),
      ...of("unexpected").map(({ name, words, page }) => ({ name, words, page })),
    ],
  };
}

function testsOf(suite) {
  const own = (suite.specs ?? []).flatMap(({ title, file, tests }) =>
    tests.map(({ status, annotations, results }) => ({
      name: `${file}: ${title}`,
      status,
      why: annotations.map((note) => note.description ?? note.type).join("; ") || "was not run",
      words: results.flatMap(({ errors }) => errors.map(({ message }) => message ?? "")).join("\n"),
      page: results.map(pageOf).findLast((page) => page !== "") ?? "",
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap(testsOf)];
}

/** What the page showed as the test failed, as Playwright kept it; empty where it kept none. */
function pageOf({ attachments }) {
  const kept = attachments.find(({ name, path }) => name === "error-context" && path)?.path;
  if (!kept) return "";
  return /^```yaml\n(.*?)\n```$/ms.exec(readFileSync(kept, "utf8"))?.[1] ?? "";
}

/** The lines that tell `failures` again, without colours; none where nothing failed. */
export function tellAgain(failures) {
  return failures.flatMap(({ name, words, page = "" }, at) => {
    const head = `failed: ${name}`;
    if (at >= maxTold) return [head];
    const shown = page === "" ? [] : ["  on a page that showed", ...firstOf(page, maxPageLines)];
    return [head, ...firstOf(words, maxLines), ...shown];
  });
}

function firstOf(text, bound) {
  const lines = stripVTControlCharacters(text).split("\n");
  const cut = lines.length > bound ? [`  … ${lines.length - bound} lines more above`] : [];
  return [...lines.slice(0, bound).map((line) => `  ${line}`), ...cut];
}
