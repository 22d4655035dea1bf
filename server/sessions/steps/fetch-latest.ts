import { troubleIn } from "../git/trouble";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";
import { findAdopted } from "./find-adopted";
import { findBase } from "./find-base";

/**
 * The latest of the remote, and in it the commit that the branch begins at: stored, so that what comes behind begins
 * there however often it is taken. Without the network a session may begin at what the clone has, and is told so; what
 * was rescued can be had even when the remote is gone for good.
 */
export async function fetchLatest(context: CreationContext): Promise<StepOutcome> {
  const { deps, session, repository } = context;
  const fetched = await context.fetch();
  const unreached = fetched.state === "failed" ? fetched.reason : null;
  const mayGoOn = unreached === null || troubleIn(unreached) === "network" || session.restoredFromId !== null;
  if (!mayGoOn) return failed(`Git could not fetch: ${unreached}`);
  const latest = (await deps.repositories.get(repository.id)) ?? repository;
  const base = await (session.adoptedFrom === null ? findBase : findAdopted)({ ...context, repository: latest });
  if (base.state === "missing")
    return unreached === null
      ? failed(base.reason)
      : { kind: "wait", waitMs: "back-off", detail: `The remote could not be reached: ${unreached}` };
  await deps.sessions.update(session.id, { baseSha: base.sha, baseBranch: base.branch });
  if (unreached === null) return done();
  return done(`The remote could not be reached, so this begins at what was fetched before: ${unreached}`);
}
