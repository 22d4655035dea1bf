import type { Pull, PullFacts } from "../domain/pull";
import { keepWords } from "./keep-words";
import type { PullPatch } from "./pull-store";

/** What a look that succeeded writes down of one that is followed: a base that it left is remembered. */
export function seenNow(pull: Pull, facts: PullFacts, seenAt: Date): PullPatch {
  const left = pull.facts?.base.branch;
  const isMoved = left !== undefined && left !== facts.base.branch && !pull.formerBases.includes(left);
  const formerBases = isMoved ? { formerBases: [...pull.formerBases, left] } : {};
  return { facts: keepWords(pull.facts, facts), url: facts.url, seenAt, lookFailure: null, ...formerBases };
}
