// What the two runners' JSON reports say, in one shape: counts, what was skipped and why, and what failed and with which
// words. The failures are told once more at the end: who sees only the last lines of a run sees what there is to mend.
import { stripVTControlCharacters } from "node:util";

/** Lines of one failure that are told again; its whole stands in the runner's own output. */
const maxLines = 20;
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
      ...of("unexpected").map(({ name, words }) => ({ name, words })),
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
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap(testsOf)];
}

/** The lines that tell `failures` again, without colours; none where nothing failed. */
export function tellAgain(failures) {
  return failures.flatMap(({ name, words }, at) => {
    const head = `failed: ${name}`;
    if (at >= maxTold) return [head];
    const lines = stripVTControlCharacters(words).split("\n");
    const cut = lines.length > maxLines ? [`  … ${lines.length - maxLines} lines more above`] : [];
    return [head, ...lines.slice(0, maxLines).map((line) => `  ${line}`), ...cut];
  });
}
