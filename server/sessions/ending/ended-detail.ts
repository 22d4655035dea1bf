import type { Session } from "../../domain/session";

/** What ending did and left, in words, for the ended session's page and its owner. Null when there is nothing to say. Pure. */
export function endedDetail({ endingSteps }: Pick<Session, "endingSteps">): string | null {
  const said = endingSteps.filter(({ step, endedAt }) => endedAt !== null && step !== "verify");
  return said.flatMap(({ detail }) => (detail === null ? [] : [detail])).join(" ") || null;
}
