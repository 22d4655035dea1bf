import { assertNever } from "../../domain/assert-never";
import { hostKey, hostOfRepository, hostRefOf } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { CreationStep, Session, Worktree } from "../../domain/session";
import { backoffMs } from "../../kit/backoff";
import type { TurnOutcome } from "../../kit/loops";
import { endUnbegun } from "../ending/end-unbegun";
import { takeEndingStep } from "../ending/take-ending-step";
import { gitOn } from "../git/git";
import { keepCredentials, setCredentialHelper } from "../git/host-credentials";
import { hostStateOf } from "../host-state-of";
import type { Clones } from "../repositories/clones";
import type { SessionDeps } from "../session-deps";
import { awaitClone } from "../steps/await-clone";
import { copyFiles } from "../steps/copy-files";
import type { CreationContext, StepOutcome } from "../steps/creation-context";
import type { EarlyFetches } from "../steps/early-fetches";
import { fetchLatest } from "../steps/fetch-latest";
import { makeWorktree } from "../steps/make-worktree";
import { reachHost } from "../steps/reach-host";
import { runSetup } from "../steps/run-setup";
import { startTerminal } from "../steps/start-terminal";
import { withBegun, withDetail, withEnded } from "./creation-records";
import { fail } from "./fail-session";
import { failureOf } from "./failure-of";
import { lookAtWorktree } from "./look-at-worktree";
import { nextStep } from "./next-step";

const steps: Record<CreationStep, (context: CreationContext) => Promise<StepOutcome>> = {
  host: reachHost,
  clone: awaitClone,
  fetch: fetchLatest,
  worktree: makeWorktree,
  "copy-files": copyFiles,
  setup: runSetup,
  terminal: startTerminal,
};

/** Known only while the server runs; a restart tries at once. */
export type TurnMemory = {
  clones: Clones;
  attempts: Map<string, number>;
  heavy: CreationContext["heavy"];
  fit: CreationContext["fit"];
  early: EarlyFetches;
  /** When each session's worktree was last seen to be able to sign in, in milliseconds since 1970. */
  signedIn: Map<string, number>;
};

const bugTries = 4;
const signInEveryMs = 300_000;

/** Reads the facts, takes one step, records how it went. */
export async function takeSessionTurn(deps: SessionDeps, id: string, memory: TurnMemory): Promise<TurnOutcome> {
  const session = await deps.sessions.get(id);
  const repository = session && (await deps.repositories.get(session.repositoryId));
  if (!session || !repository) return "rest";
  const state = hostStateOf(deps, hostRefOf(session));
  const worktree = await deps.worktrees.getBySession(id);
  const next = nextStep(session, worktree, state);
  if (next.kind !== "create") memory.early.forget(id);
  if (next.kind === "nothing") return "rest";
  if (next.kind === "wait-for-host") return { waitMs: 5_000 };
  if (next.kind === "end-unbegun") return endUnbegun(deps, session);
  const host = deps.host(hostRefOf(session));
  const queue = memory.clones.queue(repository);
  switch (next.kind) {
    case "bring-up":
      host.wake();
      return { waitMs: 5_000 };
    case "look":
      await keepSignedIn(deps, { session, worktree, repository, signedIn: memory.signedIn });
      return lookAtWorktree(deps, session, host);
    case "end": {
      const outcome = await takeEndingStep(deps, { session, worktree, repository, queue });
      deps.changes.session(id);
      return outcome === "done" ? "again" : outcome;
    }
    case "create": {
      // A clone that failed before waits for its time: who comes new does not.
      if (next.step === "clone" && !next.begun && repository.cloneFailure !== null) memory.clones.wake(repository.id);
      if (next.step === "host" && state.kind === "reachable" && repository.clonedAt !== null)
        memory.early.begin(id, queue);
      const begun = next.begun ? session : await begin(deps, session, next.step);
      const context = {
        deps,
        session: begun,
        repository,
        host,
        queue,
        git: gitOn(host, deps.signal),
        fetch: () => memory.early.take(id) ?? queue.fetch(),
        heavy: memory.heavy,
        fit: memory.fit,
      };
      return takeStep(context, next.step, memory);
    }
    default:
      return assertNever(next);
  }
}

type SignIn = {
  session: Session;
  worktree: Worktree | null;
  repository: Repository;
  signedIn: TurnMemory["signedIn"];
};

/**
 * Its host may have an older secret in memory, or none, and its worktree may name an older helper. A failure is told
 * where git is used: a person is asked for a password.
 */
async function keepSignedIn(deps: SessionDeps, { session, worktree, repository, signedIn }: SignIn): Promise<void> {
  const nowMs = deps.now().getTime();
  if (nowMs - (signedIn.get(session.id) ?? 0) < signInEveryMs) return;
  signedIn.set(session.id, nowMs);
  if (!worktree?.madeAt || (await deps.repositories.secret(repository.id)) === null) return;
  const host = deps.host(hostOfRepository(repository));
  try {
    await keepCredentials(deps, host, repository);
    await setCredentialHelper(gitOn(host, deps.signal), { host, repository, cwd: worktree.path });
  } catch (error) {
    if (!deps.signal.aborted) deps.log.warn("git was not signed in", { sessionId: session.id, error });
  }
}

function begin(deps: SessionDeps, session: Session, step: CreationStep): Promise<Session> {
  return write(deps, session, { creation: withBegun(session.creation, step, deps.now()) });
}

async function takeStep(context: CreationContext, step: CreationStep, memory: TurnMemory): Promise<TurnOutcome> {
  const { deps, session } = context;
  const attempt = memory.attempts.get(session.id) ?? 0;
  const outcome = await steps[step](context).catch((error: unknown) => afterError(context, { error, step, attempt }));
  if (deps.signal.aborted) return "rest";
  if (outcome.kind !== "done") memory.early.forget(session.id);
  switch (outcome.kind) {
    case "done":
      memory.attempts.delete(session.id);
      if (step === "worktree") memory.signedIn.set(session.id, deps.now().getTime());
      await write(deps, session, {
        creation: withEnded(session.creation, step, { at: deps.now(), detail: outcome.detail }),
      });
      return "again";
    case "wait": {
      const last = session.creation.findLast((record) => record.step === step);
      if (last?.detail !== outcome.detail)
        await write(deps, session, { creation: withDetail(session.creation, step, outcome.detail) });
      if (outcome.waitMs !== "back-off") return { waitMs: outcome.waitMs };
      memory.attempts.set(session.id, attempt + 1);
      return { waitMs: backoffMs(attempt) };
    }
    case "failed":
      memory.attempts.delete(session.id);
      memory.fit.delete(hostKey(hostRefOf(session))); // what it lacks since it was found fit is told next time
      await fail(deps, session, { step, reason: outcome.reason, output: outcome.output, at: deps.now() });
      return "again";
    default:
      return assertNever(outcome);
  }
}

/** A step cut off by the server's own end is not a failure of anything: it is taken again. */
function afterError(
  { deps, session }: CreationContext,
  { error, step, attempt }: { error: unknown; step: CreationStep; attempt: number },
): StepOutcome {
  const later = (detail: string): StepOutcome => ({ kind: "wait", waitMs: "back-off", detail });
  if (deps.signal.aborted) return later("");
  const failure = failureOf(error);
  if (failure.kind === "passing") return later(`Tried again soon: ${failure.reason}`);
  if (failure.kind === "lasting") return { ...failure, kind: "failed" };
  deps.log.error("creation step failed unexpectedly", { sessionId: session.id, step, attempt, error });
  return attempt < bugTries
    ? later("Something unexpected went wrong. Tried again soon.")
    : { kind: "failed", reason: `Something unexpected went wrong: ${failure.reason}`, output: null };
}

async function write(deps: SessionDeps, session: Session, patch: Pick<Session, "creation">): Promise<Session> {
  const written = await deps.sessions.update(session.id, patch);
  deps.changes.session(session.id);
  return written;
}
