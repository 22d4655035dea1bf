import { hostKey, hostRefOf } from "../../domain/host";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";
import { lookAtTools, type ToolsSeen } from "./look-at-tools";

/** The host answers, has a git and tools that will do, and the directories for worktrees. */
export async function reachHost(
  context: Pick<CreationContext, "deps" | "host" | "session" | "fit">,
): Promise<StepOutcome> {
  const { deps, host } = context;
  const { signal } = deps;
  host.wake();
  const state = host.state();
  if (state.kind === "starting") return { kind: "wait", waitMs: 5_000, detail: state.trouble ?? state.detail };
  if (state.kind === "suspended") return { kind: "wait", waitMs: 1_000, detail: "Waking the pod" };
  const { worktrees, uploads, ended } = host.paths();
  const [seen, made] = await Promise.all([
    toolsOf(context),
    host.run(["mkdir", "-p", "-m", "700", "--", worktrees, uploads, ended], { signal }),
  ]);
  if (seen.kind === "unfit") return failed(seen.reason);
  if (made.code !== 0)
    return failed(`The directories for sessions cannot be made: ${new TextDecoder().decode(made.stderr).trim()}`);
  return done(seen.git);
}

async function toolsOf({ deps, host, session, fit }: Parameters<typeof reachHost>[0]): Promise<ToolsSeen> {
  const key = hostKey(hostRefOf(session));
  const known = fit.get(key);
  if (known !== undefined) return { kind: "fit", git: known };
  const seen = await lookAtTools(host, deps.signal);
  if (seen.kind === "fit") fit.set(key, seen.git);
  return seen;
}
