import { troubleIn } from "../git/trouble";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";

/** The clone is made by the repository's own loop; here it is only waited for. */
export async function awaitClone({ deps, session, repository, host, queue }: CreationContext): Promise<StepOutcome> {
  if (repository.clonedAt === null) {
    const { cloneFailure } = repository;
    const begun = session.creation.findLast(({ step }) => step === "clone")?.startedAt;
    const passes = cloneFailure !== null && troubleIn(cloneFailure.reason) === "network";
    if (cloneFailure !== null && !passes && (begun === undefined || cloneFailure.at >= begun))
      return failed(`The repository could not be cloned: ${cloneFailure.reason}`);
    const detail = passes ? `Tried again soon: ${cloneFailure.reason}` : null;
    return { kind: "wait", waitMs: 5_000, detail };
  }
  const there = await host.run(["test", "-d", queue.path], { signal: deps.signal });
  if (there.code === 0) return done();
  return failed(
    `The clone at ${queue.path} is gone. If it lies on a disk that is not there, bring that back. Retry clones again.`,
  );
}
