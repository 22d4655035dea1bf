import type { Host, RunResult } from "../host";

/** `git` is what it says of its version; `reason` is what is wrong, and what to do. */
export type ToolsSeen = { kind: "fit"; git: string } | { kind: "unfit"; reason: string };

/** What worktrees need of git came with 2.37. */
const least: [number, number] = [2, 37];

/** Of GNU, or of uutils, which takes the same words: worktrees are moved, measured and looked at by their options. */
const tools = ["cp", "dd", "df", "find", "mv", "realpath", "stat"];
const askTools = [
  'for tool in "$@"; do',
  'command -v "$tool" >/dev/null || { echo "missing $tool"; continue; }',
  'case "$("$tool" --version 2>&1)" in *GNU*|*uutils*) ;; *) echo "other $tool";; esac',
  "done",
].join("\n");

/** Whether a host has a git and tools that will do. */
export async function lookAtTools(host: Pick<Host, "run">, signal: AbortSignal): Promise<ToolsSeen> {
  const [version, asked] = await Promise.all([
    host.run(["git", "--version"], { signal }),
    host.run(["sh", "-c", askTools, "sh", ...tools], { signal }),
  ]);
  const reason = gitTrouble(version) ?? toolTrouble(asked);
  return reason === null ? { kind: "fit", git: textOf(version.stdout) } : { kind: "unfit", reason };
}

function gitTrouble({ code, stdout, stderr }: RunResult): string | null {
  if (code !== 0)
    return `Git does not run on this host (${textOf(stderr)}). Install it, or give the repository an image that has it, then retry.`;
  const words = textOf(stdout);
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(words) ?? [];
  if (Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1]))
    return `This host has ${words}. Trellis needs git ${least.join(".")} or newer: update it, then retry.`;
  return null;
}

function toolTrouble({ code, stdout, stderr }: RunResult): string | null {
  if (code !== 0)
    return `\`sh\` does not run on this host (${textOf(stderr)}), and git needs it. Give the repository an image that has a shell, then retry.`;
  const lines = textOf(stdout).split("\n");
  const named = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [`\`${line.slice(word.length + 1)}\``] : [])).join(", ");
  const [missing, other] = [named("missing"), named("other")];
  if (missing === "" && other === "") return null;
  const said = [missing && `has no ${missing}`, other && `has another ${other} than GNU's`].filter(
    (words) => words !== "",
  );
  return `This host ${said.join(", and ")}. Trellis needs GNU coreutils and findutils there (on Alpine: \`apk add coreutils findutils\`): add them to the image, then retry.`;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();
