import { AppError } from "../../domain/app-error";
import type { Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
import type { OnForge } from "../forge-of";
import { mergePull } from "../merge-pull";
import type { PullDeps } from "../pull-deps";
import { openWord } from "../session-status";
import type { WorkingSession } from "../session-work";
import type { StackPlace } from "../stacks";
import { storeFacts } from "../store-facts";
import { checksSummary } from "../summaries";
import { tellOnce } from "./tell-news";

type Around = {
  repository: Repository;
  sessions: readonly WorkingSession[];
  place: OnForge;
  pulls: readonly Pull[];
  stacks: ReadonlyMap<string, StackPlace>;
  /** Ids of those that are being merged now. */
  under: Set<string>;
};

/**
 * Merges what the repository lets merge by itself: only what the forge calls mergeable, after a check was seen passing
 * on that very head, with nothing required missing and nothing below it. What the forge refuses is told, and not tried
 * again for that head; what did not come about otherwise is tried at the next look.
 */
export async function autoMerge(
  deps: PullDeps,
  { repository, sessions, place, pulls, stacks, under }: Around,
): Promise<void> {
  if (!repository.settings.autoMerge) return;
  for (const pull of pulls) {
    const { facts } = pull;
    const session = sessions.find(({ id }) => id === pull.sessionId);
    if (facts === null || !session || !isLowest(stacks.get(pull.id)) || !mayMerge(facts)) continue;
    const refusal = { kind: "pull-merge-refused" as const, signature: facts.head.sha };
    if ((await deps.pulls.claimed({ pullId: pull.id, kind: refusal.kind })).includes(refusal.signature)) continue;
    try {
      const merging = { place, pull, facts, under };
      // What was stored may be of before a check turned red.
      const wanted = { headSha: facts.head.sha, method: null, onlyIf: mayMerge };
      await storeFacts(deps, pull, await mergePull(deps, merging, wanted));
    } catch (error) {
      if (!AppError.is(error)) throw error;
      deps.log.warn("a pull request was not merged by itself", { pullId: pull.id, reason: error.message });
      if (error.code !== "refused") continue;
      const news = { ...refusal, title: `#${facts.number} ${facts.title}: not merged by itself`, body: error.message };
      await tellOnce(deps, { news, pull, session, repository });
    }
  }
}

/** Alone, or at the bottom of a stack: what was left on a branch that is over asks for a person first. */
const isLowest = (at: StackPlace | undefined): boolean =>
  at === undefined || (!at.isWaiting && (at.state === "root" || at.state === "ready"));

function mayMerge(facts: PullFacts): boolean {
  return facts.state === "open" && openWord(facts) === "mergeable" && checksSummary(facts).state === "passing";
}
