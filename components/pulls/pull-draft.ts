import type { SessionView } from "@/server/protocol/api";
import type { OpenPullView } from "@/server/protocol/pulls";
import { pullName, shortTitle } from "./pull-look";
import { branchTopic } from "./pull-tree";

/** A base that may be chosen, and the pull request whose branch it is, where it is one: then the new one is its child. */
export type BaseChoice = { branch: string; parent: { name: string; title: string } | null };
export type DraftBranches = { head: string; base: string };

/**
 * Where a pull request may go: the session's base first, then each open one of the session, the top of a stack first,
 * then the others of the repository. Nothing can stand on a branch of a fork.
 */
export function baseChoices(
  session: Pick<SessionView, "baseBranch" | "prs">,
  defaultBranch: string | null,
  known: readonly OpenPullView[] = [],
): BaseChoice[] {
  const plain = [session.baseBranch, defaultBranch].flatMap((branch) => (branch === null ? [] : [branch]));
  const own = session.prs
    .filter(({ state }) => state === "open")
    .sort((a, b) => (b.stack?.position ?? 0) - (a.stack?.position ?? 0));
  const choices = new Map<string, BaseChoice>();
  for (const branch of plain) choices.set(branch, { branch, parent: null });
  for (const pull of [...own, ...known.filter(({ inFork }) => !inFork)]) {
    const { headRef: branch, title } = pull;
    if (branch === null || choices.has(branch)) continue;
    choices.set(branch, { branch, parent: { name: pullName(pull), title: title ?? "" } });
  }
  return [...choices.values()];
}

/** The choice as one line. */
export function baseWords({ branch, parent }: BaseChoice): string {
  return parent === null ? branch : `${parent.name} ${shortTitle(parent.title)} (${branch})`;
}

/**
 * Where the dialog starts. While the session's own branch has an open one, the next is a child on the top of its stack,
 * from a branch that continues the session's name: so it is found by its name as well.
 */
export function firstBranches(session: SessionView, choices: readonly BaseChoice[]): DraftBranches {
  const isTaken = session.prs.some(({ state, headRef }) => state === "open" && headRef === session.branch);
  const top = isTaken ? choices.find(({ parent }) => parent !== null) : choices[0];
  return { head: isTaken ? `${session.branch}-` : session.branch, base: top?.branch ?? "" };
}

/** Goes on with the session's name, and does not say yet how. */
export const isUnfinished = (head: string): boolean => /[-./]$/.test(head);

/** While its commits are not known: the session's title; a child's topic after it, in words. */
export function titleOf({ title, branch }: Pick<SessionView, "title" | "branch">, head: string): string {
  const topic = branchTopic(head, branch);
  const isChild = head !== branch && topic !== head;
  const words = topic.replace(/[-_./]+/g, " ").trim();
  return isChild && words !== "" ? `${title}: ${words}` : title;
}

/** Pushes that branch whatever is checked out; as a shell reads it. */
export function pushCommand(branch: string): string {
  const isPlain = /^[\w@%+=:,./-]+$/.test(branch);
  return `git push origin ${isPlain ? branch : `'${branch.replaceAll("'", `'\\''`)}'`}`;
}
