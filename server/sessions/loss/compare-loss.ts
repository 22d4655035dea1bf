import type { FileList, Look, Loss } from "../../domain/loss";
import type { Keep } from "../../domain/session";

const slackBytes = 10 * 1024 * 1024;

/**
 * What would be lost now that the person did not see, in words; empty when nothing is. Pure. A rescue and a push save
 * commits, files and stashes, so only what they cannot save counts there. What was unknown and is known now counts
 * unless it is nothing; what was known and is unknown now counts always.
 */
export function moreLost(keep: Keep, seen: Loss, now: Loss): string[] {
  if (keep === "rescue") return [];
  const unsaved = [
    compare("ignored files", { seen: seen.ignored, now: now.ignored }, { isNothing: noFiles, more: moreIgnored }),
    compare(
      "an operation in progress",
      { seen: seen.operation, now: now.operation },
      {
        isNothing: (operation) => operation === null,
        more: (before, after) => (after !== null && after !== before ? `a ${after} in progress` : null),
      },
    ),
    compare(
      "submodules",
      { seen: seen.submodules, now: now.submodules },
      { isNothing: empty, more: moreWork("submodule") },
    ),
    compare(
      "nested repositories",
      { seen: seen.nestedRepositories, now: now.nestedRepositories },
      {
        isNothing: empty,
        more: moreWork("nested repository"),
      },
    ),
    compare("running programs", { seen: seen.programs, now: now.programs }, { isNothing: empty, more: morePrograms }),
    compare("agent turns", { seen: seen.turns, now: now.turns }, { isNothing: empty, more: moreTurns }),
  ];
  const saved = [
    compare("commits", { seen: seen.branches, now: now.branches }, { isNothing: noCommits, more: moreCommits }),
    compare(
      "changed files",
      { seen: seen.changed, now: now.changed },
      { isNothing: noFiles, more: moreFiles("changed") },
    ),
    compare(
      "untracked files",
      { seen: seen.untracked, now: now.untracked },
      { isNothing: noFiles, more: moreFiles("untracked") },
    ),
    compare("stashes", { seen: seen.stashes, now: now.stashes }, { isNothing: empty, more: moreStashes }),
  ];
  return [...(keep === "nothing" ? saved : []), ...unsaved].filter((words) => words !== null);
}

function compare<T>(
  what: string,
  { seen, now }: { seen: Look<T>; now: Look<T> },
  { isNothing, more }: { isNothing(value: T): boolean; more(seen: T, now: T): string | null },
): string | null {
  if (now.state === "unknown") return seen.state === "known" ? `${what}: unknown now (${now.reason})` : null;
  if (seen.state === "unknown") return isNothing(now.value) ? null : `${what}, which could not be looked at before`;
  return more(seen.value, now.value);
}

type Value<Key extends keyof Loss> = Extract<Loss[Key], { state: "known" }>["value"];

const empty = (list: unknown[]): boolean => list.length === 0;
const noFiles = (files: FileList): boolean => files.count === 0;
const noCommits = (branches: Value<"branches">): boolean =>
  branches.every((each) => each.commitsOnNoRemote.count === 0);

/** A head that moved to a commit that was listed before went back: nothing was added. */
function moreCommits(seen: Value<"branches">, now: Value<"branches">): string | null {
  const grown = now.filter(({ branch, head, commitsOnNoRemote }) => {
    const before = seen.find((each) => each.branch === branch);
    if (commitsOnNoRemote.count === 0 || before?.head === head) return false;
    return !before?.commitsOnNoRemote.commits.some(({ sha }) => sha === head);
  });
  if (grown.length === 0) return null;
  return `new commits on ${grown.map(({ branch }) => branch ?? "a detached HEAD").join(", ")}`;
}

const moreFiles =
  (kind: string) =>
  (seen: FileList, now: FileList): string | null => {
    const fresh = now.names.filter(({ path, bytes }) => {
      const before = seen.names.find((each) => each.path === path);
      return before ? (bytes ?? 0) !== (before.bytes ?? 0) : isWhole(seen);
    });
    if (fresh.length === 0 && now.count <= seen.count) return null;
    return `${kind} files: ${named(
      fresh.map(({ path }) => path),
      now.count - seen.count,
    )}`;
  };

/** What builds and caches add to an ignored directory that was seen is no news until it is a lot. */
function moreIgnored(seen: FileList, now: FileList): string | null {
  const fresh = isWhole(seen) ? now.names.filter(({ path }) => !seen.names.some((each) => each.path === path)) : [];
  const grown = seen.bytes !== null && now.bytes !== null && now.bytes > seen.bytes * 1.1 + slackBytes;
  if (fresh.length > 0 || now.count > seen.count) {
    return `ignored files: ${named(
      fresh.map(({ path }) => path),
      now.count - seen.count,
    )}`;
  }
  return grown ? "ignored files that grew" : null;
}

const isWhole = (files: FileList): boolean => files.names.length === files.count;

function named(paths: string[], count: number): string {
  if (paths.length === 0) return `${count} more`;
  return paths.length > 3 ? `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more` : paths.join(", ");
}

const moreWork =
  (kind: string) =>
  (seen: Value<"submodules">, now: Value<"submodules">): string | null => {
    const fresh = now.filter(({ path, reason }) => !seen.some((each) => each.path === path && each.reason === reason));
    return fresh.length > 0 ? `${kind} ${fresh.map(({ path, reason }) => `${path} (${reason})`).join(", ")}` : null;
  };

/** What a program that was seen starts meanwhile is part of it, as long as it runs itself. */
function morePrograms(seen: Value<"programs">, now: Value<"programs">): string | null {
  const lives = (pid: number) => now.some((each) => each.pid === pid);
  const fresh = now.filter(
    ({ pid, command, terminalId }) =>
      !seen.some(
        (before) =>
          before.pid === pid ||
          (before.terminalId === terminalId &&
            (before.command === command || (terminalId !== null && lives(before.pid)))),
      ),
  );
  return fresh.length > 0 ? `running ${fresh.map(({ command }) => command).join(", ")}` : null;
}

function moreTurns(seen: Value<"turns">, now: Value<"turns">): string | null {
  const fresh = now.filter(({ chatId }) => !seen.some((each) => each.chatId === chatId));
  return fresh.length > 0 ? `a turn of ${fresh.map(({ title }) => title).join(", ")}` : null;
}

function moreStashes(seen: Value<"stashes">, now: Value<"stashes">): string | null {
  const fresh = now.filter(({ sha }) => !seen.some((each) => each.sha === sha));
  return fresh.length > 0 ? `stashes: ${fresh.map(({ message }) => message).join(", ")}` : null;
}
