import { creationSteps, type Session, type Worktree } from "../../domain/session";

const ownSteps = creationSteps.slice(creationSteps.indexOf("worktree"));

/**
 * Whether it is recorded that nothing of this session was ever begun on its host, where no look is needed to know it.
 * The worktree's record is written before its directory and its branch are made, and stays; a step's is written before
 * the step, but is void once an earlier one is taken again. The steps before leave nothing of the session's own. Pure.
 */
export function isUnbegun({ creation }: Pick<Session, "creation">, worktree: Worktree | null): boolean {
  return worktree === null && !creation.some(({ step }) => ownSteps.includes(step));
}
