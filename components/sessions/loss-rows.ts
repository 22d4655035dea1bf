import { formatBytes, plural } from "@/components/ui/format";
import type { LossView } from "@/server/protocol/api";

export type LossLine = { mark: string; text: string; side: string };
export type LossRow = {
  key: string;
  /** `lost` goes unless it is kept; `stays` is only told; `unknown` could not be looked at; `none` is what was empty. */
  kind: "lost" | "stays" | "stops" | "unknown" | "none";
  subject: "commits" | "files" | "ignored" | "stashes" | "operation" | "nested" | "programs" | "look";
  title: string;
  lines: LossLine[];
  /** Beyond what the look names. */
  more: number;
  words: string | null;
};

export type LossCounts = { commits: number; branches: number; files: number; unknown: number };

type Files = Extract<LossView["changed"], { state: "known" }>["value"];
const noFiles: Files = { count: 0, bytes: 0, names: [] };

/** What the End dialog lists, in its order. Unknown is a row of its own, never left out and never counted as none. */
export function lossRows(loss: LossView): LossRow[] {
  return [
    ...commitRows(loss),
    ...fileRows(loss),
    ...ignoredRows(loss),
    ...stashRows(loss),
    ...operationRows(loss),
    ...nestedRows(loss),
    ...programRows(loss),
    ...unknownRows(loss),
    ...nothingRow(loss),
  ];
}

/** What the choices speak of. */
export function lossCounts(loss: LossView): LossCounts {
  const branches = loss.branches.state === "known" ? loss.branches.value : [];
  const ahead = branches.filter(({ commitsOnNoRemote }) => commitsOnNoRemote.count > 0);
  return {
    commits: ahead.reduce((sum, { commitsOnNoRemote }) => sum + commitsOnNoRemote.count, 0),
    branches: ahead.length,
    files: known(loss.changed, noFiles).count + known(loss.untracked, noFiles).count,
    unknown: unknownRows(loss).length,
  };
}

/** Lines that an earlier look did not have, by their key: they are marked, and asked about again. */
export function newLines(before: LossView, now: LossView): Set<string> {
  const seen = new Set(lossRows(before).flatMap(keysOf));
  return new Set(
    lossRows(now)
      .flatMap(keysOf)
      .filter((key) => !seen.has(key)),
  );
}

export function lineKey(row: LossRow, line: LossLine): string {
  return `${row.key} ${line.mark} ${line.text}`;
}

function keysOf(row: LossRow): string[] {
  if (row.kind === "none") return [];
  return row.lines.length === 0
    ? [`${row.key} ${row.words ?? row.title}`]
    : row.lines.map((line) => lineKey(row, line));
}

function known<T>(look: { state: "known"; value: T } | { state: "unknown"; reason: string }, otherwise: T): T {
  return look.state === "known" ? look.value : otherwise;
}

function row(part: Omit<LossRow, "lines" | "more" | "words"> & Partial<LossRow>): LossRow {
  return { lines: [], more: 0, words: null, ...part };
}

function commitRows(loss: LossView): LossRow[] {
  const { commits } = lossCounts(loss);
  if (commits === 0) return [];
  const lines = known(loss.branches, []).flatMap(({ branch, commitsOnNoRemote }) =>
    commitsOnNoRemote.commits.map(({ sha, subject }) => ({
      mark: branch?.split("/").at(-1) ?? "detached",
      text: `${sha.slice(0, 7)} ${subject}`,
      side: "",
    })),
  );
  const title = `${plural(commits, "commit")} on no remote`;
  return [row({ key: "commits", kind: "lost", subject: "commits", title, lines, more: commits - lines.length })];
}

function fileLines(files: Files, mark: string): LossLine[] {
  return files.names.map(({ path, bytes }) => ({ mark, text: path, side: bytes === null ? "" : formatBytes(bytes) }));
}

function fileRows(loss: LossView): LossRow[] {
  const [changed, untracked] = [known(loss.changed, noFiles), known(loss.untracked, noFiles)];
  const parts = [
    ...(changed.count > 0 ? [`${changed.count} changed`] : []),
    ...(untracked.count > 0 ? [`${untracked.count} untracked`] : []),
  ];
  if (parts.length === 0) return [];
  const lines = [...fileLines(changed, "M"), ...fileLines(untracked, "?")];
  const more = changed.count + untracked.count - lines.length;
  return [row({ key: "files", kind: "lost", subject: "files", title: parts.join(", "), lines, more })];
}

function ignoredRows(loss: LossView): LossRow[] {
  const ignored = known(loss.ignored, noFiles);
  if (ignored.count === 0) return [];
  const title = ignored.bytes === null ? `${ignored.count} ignored` : `${formatBytes(ignored.bytes)} ignored`;
  const lines = fileLines(ignored, "·");
  return [row({ key: "ignored", kind: "stays", subject: "ignored", title, lines, more: ignored.count - lines.length })];
}

function stashRows(loss: LossView): LossRow[] {
  const stashes = known(loss.stashes, []);
  if (stashes.length === 0) return [];
  const title = `${plural(stashes.length, "stash", "stashes")}, ${stashes.length === 1 ? "stays" : "stay"}`;
  const lines = stashes.map(({ ref, message }) => ({ mark: ref.replace(/^.*@/, ""), text: message, side: "" }));
  return [row({ key: "stashes", kind: "stays", subject: "stashes", title, lines })];
}

function operationRows(loss: LossView): LossRow[] {
  const operation = known(loss.operation, null);
  if (operation === null) return [];
  const words = "Its state is not saved; the commits and files are.";
  return [row({ key: "operation", kind: "lost", subject: "operation", title: `A ${operation} in progress`, words })];
}

function nestedRows(loss: LossView): LossRow[] {
  const found = [
    { key: "submodules", places: known(loss.submodules, []), one: "submodule" },
    { key: "nested", places: known(loss.nestedRepositories, []), one: "nested repository" },
  ];
  return found
    .filter(({ places }) => places.length > 0)
    .map(({ key, places, one }) =>
      row({
        key,
        kind: "lost",
        subject: "nested",
        title: plural(places.length, one, one.endsWith("y") ? "nested repositories" : "submodules"),
        lines: places.map(({ path, reason }) => ({ mark: "·", text: `${path}: ${reason}`, side: "" })),
      }),
    );
}

function programRows(loss: LossView): LossRow[] {
  const [programs, turns] = [known(loss.programs, []), known(loss.turns, [])];
  const parts = [
    ...(programs.length > 0 ? [plural(programs.length, "program")] : []),
    ...(turns.length > 0 ? [plural(turns.length, "turn")] : []),
  ];
  if (parts.length === 0) return [];
  const lines = [
    ...programs.map(({ pid, command }) => ({ mark: String(pid), text: command, side: "" })),
    ...turns.map(({ title }) => ({ mark: "turn", text: title, side: "" })),
  ];
  const title = `${parts.join(", ")} ${programs.length + turns.length === 1 ? "stops" : "stop"}`;
  return [row({ key: "programs", kind: "stops", subject: "programs", title, lines })];
}

const parts = [
  ["branches", "Commits", "commits that are on no remote"],
  ["changed", "Changed files", "changed files"],
  ["untracked", "Untracked files", "untracked files"],
  ["ignored", "Ignored files", "ignored files"],
  ["stashes", "Stashes", "stashes"],
  ["operation", "A rebase or merge", "rebase or merge in progress"],
  ["submodules", "Submodules", "submodules with work of their own"],
  ["nestedRepositories", "Nested repositories", "nested repositories"],
  ["programs", "Running programs", "running programs"],
  ["turns", "Agent turns", "agent turns"],
] as const;

function unknownRows(loss: LossView): LossRow[] {
  return parts.flatMap(([key, name]) => {
    const look = loss[key];
    if (look.state === "known") return [];
    const words = `${name}: ${look.reason.replace(/\.$/, "")}. There may be some.`;
    return [row({ key: `unknown-${key}`, kind: "unknown", subject: "look", title: "Unknown", words })];
  });
}

function nothingRow(loss: LossView): LossRow[] {
  const empty = parts.filter(([key]) => isEmpty(loss[key])).map(([, , none]) => none);
  if (empty.length === 0) return [];
  const title = empty.length === parts.length ? "Nothing at all" : "Nothing else";
  return [row({ key: "none", kind: "none", subject: "look", title, words: `No ${empty.join(", no ")}` })];
}

function isEmpty(look: LossView[(typeof parts)[number][0]]): boolean {
  if (look.state === "unknown") return false;
  const { value } = look;
  if (value === null) return true;
  if (typeof value === "string") return false;
  if (!Array.isArray(value)) return value.count === 0;
  return value.every((item) => "commitsOnNoRemote" in item && item.commitsOnNoRemote.count === 0);
}
