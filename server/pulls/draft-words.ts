import { untitled } from "../domain/session";
import type { BranchWork } from "./session-work";

type Drafted = {
  /** The session's, and whether the branch is its own: a child's is named by its commits. */
  title: string;
  isOwnBranch: boolean;
  work: Pick<BranchWork, "commits" | "template">;
  /** The number of the open pull request whose branch is the base. */
  parent: number | null;
};

const mostTitle = 500;
const mostSubject = 200;

/**
 * Title and description of a pull request, from what its branch adds. One commit says both; of several the description
 * is a list, oldest first. The repository's own form comes last, for a person to fill in.
 */
export function draftWords({ title, isOwnBranch, work, parent }: Drafted): { title: string; body: string } {
  const [first, ...others] = work.commits;
  const isOne = first !== undefined && others.length === 0;
  const isNamed = isOwnBranch && title !== untitled;
  const chosen = first === undefined || (!isOne && isNamed) ? title : first.subject;
  const list = work.commits.map(({ subject }) => `- ${cut(subject, mostSubject)}`).join("\n");
  const stands = parent === null ? "" : `Stands on #${parent}, which merges first.`;
  const parts = [isOne ? first.body : list, stands, work.template ?? ""];
  return { title: cut(chosen, mostTitle), body: parts.filter((part) => part !== "").join("\n\n") };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/\p{Surrogate}$/u, "")}…`;
}
