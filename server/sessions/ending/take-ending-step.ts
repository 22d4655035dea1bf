import { hostRefOf } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { EndingStep, Session, StepRecord, Worktree } from "../../domain/session";
import { fail } from "../reconcile/fail-session";
import { failureOf } from "../reconcile/failure-of";
import type { SessionDeps } from "../session-deps";
import { confirmEnded } from "./confirm-ended";
import { type EndingContext, type EndingOutcome, refused } from "./ending-context";
import { forgetWorktree } from "./forget-worktree";
import { lookAgain } from "./look-again";
import { markEnded } from "./mark-ended";
import { currentEndingRecords, isPastReturn, nextEndingStep } from "./next-ending-step";
import { saveWork } from "./save-work";
import { setAside } from "./set-aside";
import { stopSession } from "./stop-session";
import { tellOwner } from "./tell-owner";
import { verifySaved } from "./verify-saved";

export type EndingInput = {
  session: Session;
  worktree: Worktree | null;
  repository: Repository;
  queue: { run<T>(work: () => Promise<T>): Promise<T> };
};

const steps: Record<EndingStep, (context: EndingContext) => Promise<EndingOutcome>> = {
  stop: stopSession,
  look: lookAgain,
  save: saveWork,
  verify: verifySaved,
  "set-aside": setAside,
  forget: forgetWorktree,
  confirm: confirmEnded,
};

const awayMs = 5_000;

/**
 * Takes the one next step of ending and records it; a crash anywhere repeats it. Before the directory is moved whatever
 * goes wrong gives the ending up, and the session is active again; from then on it is a failure that waits for a retry.
 */
export async function takeEndingStep(
  deps: SessionDeps,
  { session, worktree, repository, queue }: EndingInput,
): Promise<"again" | "done" | { waitMs: number }> {
  const { ending } = session;
  if (session.endedAt !== null) return "done";
  if (!ending) throw new Error(`session ${session.id} is to end, but nobody said what to keep`);
  const host = deps.host(hostRefOf(session));
  if (host.state().kind === "unreachable") return { waitMs: awayMs };
  const step = nextEndingStep(ending, session.endingSteps);
  const begun = begin(currentEndingRecords(ending, session.endingSteps), step, deps.now());
  const context = { deps, session, ending, worktree, repository, host, queue };
  await deps.sessions.update(session.id, { endingSteps: begun });
  deps.changes.session(session.id);
  const outcome = await steps[step](context).catch((error: unknown) => afterError(context, step, error));
  switch (outcome.kind) {
    case "done":
      return finish(context, step, { records: begun, outcome });
    case "refused":
      return giveUp(context, outcome);
    case "again":
      return "again";
    case "wait":
      return { waitMs: awayMs };
    case "failed":
      return "done";
  }
}

function begin(records: StepRecord<EndingStep>[], step: EndingStep, now: Date): StepRecord<EndingStep>[] {
  return [...records.filter((record) => record.step !== step), { step, startedAt: now, endedAt: null, detail: null }];
}

async function finish(
  { deps, session }: EndingContext,
  step: EndingStep,
  { records, outcome }: { records: StepRecord<EndingStep>[]; outcome: Extract<EndingOutcome, { kind: "done" }> },
): Promise<"again" | "done"> {
  const now = deps.now();
  const endingSteps = records.map((record) =>
    record.step === step ? { ...record, endedAt: now, detail: outcome.detail } : record,
  );
  if (step !== "confirm") {
    await deps.sessions.update(session.id, { endingSteps, ...outcome.saved });
    return "again";
  }
  return markEnded(deps, session, endingSteps);
}

/** The owner may have asked to keep more meanwhile: then it is not given up, but begun again. */
async function giveUp(
  { deps, session, ending }: EndingContext,
  { reason, isPush }: Extract<EndingOutcome, { kind: "refused" }>,
): Promise<"again"> {
  const now = await deps.sessions.get(session.id);
  if (now?.ending?.requestedAt.getTime() !== ending.requestedAt.getTime()) return "again";
  const key = `push-refused ${session.id} ${ending.requestedAt.getTime()}`;
  if (isPush)
    await tellOwner(deps, session, {
      key,
      kind: "push-refused",
      title: `${session.title}: push refused`,
      body: reason,
    });
  const endRefusal = { reason, at: deps.now() };
  await deps.sessions.update(session.id, { wanted: "active", ending: null, endingSteps: [], endRefusal });
  deps.changes.session(session.id);
  deps.log.info("ending given up", { sessionId: session.id, reason });
  return "again";
}

async function afterError(
  { deps, session }: EndingContext,
  step: EndingStep,
  error: unknown,
): Promise<EndingOutcome | { kind: "wait" } | { kind: "failed" }> {
  deps.signal.throwIfAborted();
  const failure = failureOf(error);
  if (failure.kind === "passing") return { kind: "wait" };
  if (failure.kind === "bug") deps.log.error("ending step failed unexpectedly", { sessionId: session.id, step, error });
  if (!isPastReturn(step)) return refused(failure.reason);
  const output = failure.kind === "lasting" ? failure.output : null;
  await fail(deps, session, { step, reason: failure.reason, output, at: deps.now() });
  return { kind: "failed" };
}
