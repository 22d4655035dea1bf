import type { SessionDeps } from "../session-deps";
import { askWorktree } from "./ask-worktree";

export type MadeCommit = { sha: string; subject: string; body: string };

const maxCommits = 50;
const maxBodyLength = 8_192;

/**
 * What a branch adds to its base, oldest first, at most the newest 50 and no merges; null when it cannot be known now.
 * Without `wanted` that is the session's branch and base. A branch that is not there adds nothing.
 */
export async function commitsSince(
  deps: SessionDeps,
  sessionId: string,
  wanted: { branch?: string; base?: string } = {},
): Promise<MadeCommit[] | null> {
  const session = await deps.sessions.get(sessionId);
  if (!session) return null;
  const base = wanted.base ?? session.baseBranch;
  const tip = `refs/heads/${wanted.branch ?? session.branch}`;
  const known = base === null ? [] : [`refs/remotes/origin/${base}`, `refs/heads/${base}`];
  const refs = await askWorktree(deps, sessionId, ["for-each-ref", "--format=%(refname)", tip, ...known]);
  if (refs === null) return null;
  const there = refs.split("\n");
  if (!there.includes(tip)) return [];
  const below = known.find((ref) => there.includes(ref)) ?? session.baseSha;
  const log = ["log", "-z", "--reverse", `--max-count=${maxCommits}`, "--no-merges", "--no-show-signature"];
  const beyond = [tip, ...(below === null ? [] : ["--not", below]), "--"];
  const listed = await askWorktree(deps, sessionId, [...log, "--encoding=UTF-8", "--format=%H%n%s%n%b", ...beyond]);
  return listed === null ? null : readCommits(listed);
}

function readCommits(listed: string): MadeCommit[] {
  return listed
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const [sha = "", subject = "", ...body] = record.split("\n");
      return { sha, subject, body: body.join("\n").trim().slice(0, maxBodyLength) };
    });
}
