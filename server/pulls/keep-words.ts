import type { PullFacts } from "../domain/pull";

/**
 * A forge that has no id of a reviewer's word: one is given to it when it is first seen, and kept while that word
 * stands, over pushes and restarts. So the same word is the same piece of news, and one that was taken back and given
 * again is another.
 */
export function keepWords(before: PullFacts | null, facts: PullFacts): PullFacts {
  const { review, updatedAt } = facts;
  if (!review.known) return facts;
  const known = before?.review.known ? before.review.reviewers : [];
  const reviewers = review.reviewers.map((reviewer) => {
    const same = known.find(({ name, state }) => name === reviewer.name && state === reviewer.state);
    return { ...reviewer, wordId: reviewer.wordId ?? same?.wordId ?? `seen ${updatedAt.toISOString()}` };
  });
  return { ...facts, review: { ...review, reviewers } };
}
