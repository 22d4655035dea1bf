import { troubleIn } from "../git/trouble";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";
import { findBase } from "./find-base";

/** Without the network a session may still begin at what the clone has, and is told so. */
export async function fetchLatest(context: CreationContext): Promise<StepOutcome> {
  const { queue } = context;
  const fetched = await queue.fetch();
  if (fetched.state === "fetched") return done();
  const trouble = troubleIn(fetched.reason);
  if (trouble !== "network") return failed(`Git could not fetch: ${fetched.reason}`);
  const base = await findBase(context);
  if (base.state === "found")
    return done(`The remote could not be reached, so this begins at what was fetched before: ${fetched.reason}`);
  return { kind: "wait", waitMs: "back-off", detail: `The remote could not be reached: ${fetched.reason}` };
}
