import type { SessionDeps } from "../session-deps";
import { askWorktree } from "./ask-worktree";
import { commitsSince, type MadeCommit } from "./commits-since";

/** What a pull request of a branch would be of. */
export type BranchWork = {
  /** What it adds to the base, oldest first. */
  commits: MadeCommit[];
  /** Whether the remote has the branch, as the last push or fetch here saw it, and how many of its commits it lacks. */
  isPushed: boolean;
  unpushed: number;
  /** The repository's own form for descriptions, as the base has it. */
  template: string | null;
};

const directories = [".github/", ".gitea/", ".forgejo/", "", "docs/"];
const names = ["pull_request_template.md", "PULL_REQUEST_TEMPLATE.md"];
/** The first that is there is taken. */
const templates = [
  ...directories.flatMap((directory) => names.map((name) => `${directory}${name}`)),
  ...["Default.md", "default.md"].map((name) => `.gitlab/merge_request_templates/${name}`),
];
const maxTemplateLength = 16_384;

/** Null where the worktree cannot be asked now. */
export async function branchWork(
  deps: SessionDeps,
  sessionId: string,
  { branch, base }: { branch: string; base: string },
): Promise<BranchWork | null> {
  const commits = await commitsSince(deps, sessionId, { branch, base });
  const [here, there, below] = [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`, `refs/remotes/origin/${base}`];
  const listed = await askWorktree(deps, sessionId, ["for-each-ref", "--format=%(refname)", here, there, below]);
  if (commits === null || listed === null) return null;
  const refs = new Set(listed.split("\n"));
  const isPushed = refs.has(there);
  const lacking = ["rev-list", "--count", here, "--not", isPushed ? there : "--remotes=origin", "--"];
  const counted = refs.has(here) ? await askWorktree(deps, sessionId, lacking) : "0";
  if (counted === null) return null;
  const template = await templateAt(deps, sessionId, refs.has(below) ? below : "HEAD");
  return { commits, isPushed, unpushed: Number(counted), template };
}

/** A form that cannot be read leaves a description without it: nothing is lost by that. */
async function templateAt(deps: SessionDeps, sessionId: string, ref: string): Promise<string | null> {
  const tree = await askWorktree(deps, sessionId, ["ls-tree", "-z", ref, "--", ...templates]);
  const files = (tree ?? "").split("\0").flatMap((entry) => /^100\d+ blob \w+\t(.+)$/s.exec(entry)?.[1] ?? []);
  const found = templates.find((path) => files.includes(path));
  if (found === undefined) return null;
  const text = await askWorktree(deps, sessionId, ["cat-file", "blob", `${ref}:${found}`]);
  return text?.trim().slice(0, maxTemplateLength) || null;
}
