import { assertNever } from "../../domain/assert-never";
import type { Repository } from "../../domain/repository";
import type { CreationStep, Session } from "../../domain/session";
import { takeEndingStep } from "../ending/take-ending-step";
import { feedCredentialCache } from "../git/credential-cache";
import { gitOn } from "../git/git";
import type { Clones } from "../repositories/clones";
import type { SessionDeps } from "../session-deps";
import { awaitClone } from "../steps/await-clone";
import { copyFiles } from "../steps/copy-files";
import type { CreationContext, StepOutcome } from "../steps/creation-context";
import { fetchLatest } from "../steps/fetch-latest";
import { makeWorktree } from "../steps/make-worktree";
import { reachHost } from "../steps/reach-host";
import { runSetup } from "../steps/run-setup";
import { startTerminal } from "../steps/start-terminal";
import { backoffMs } from "./backoff";
import { withBegun, withDetail, withEnded } from "./creation-records";
import { fail } from "./fail-session";
import { failureOf } from "./failure-of";
import { lookAtWorktree } from "./look-at-worktree";
import type { TurnOutcome } from "./loops";
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
  /** When each repository's credential cache was fed, in milliseconds since 1970. */
  fed: Map<string, number>;
};

const bugTries = 4;
const feedEveryMs = 300_000;

/** Reads the facts, takes one step, records how it went. */
export async function takeSessionTurn(deps: SessionDeps, id: string, memory: TurnMemory): Promise<TurnOutcome> {
  const session = await deps.sessions.get(id);
  const repository = session && (await deps.repositories.get(session.repositoryId));
  if (!session || !repository) return "rest";
  const host = deps.host(session.host);
  const queue = memory.clones.queue(repository);
  const next = nextStep(session, host.state());
  switch (next.kind) {
    case "nothing":
      return "rest";
    case "wait-for-host":
      return { waitMs: 5_000 };
    case "look":
      await keepFed(deps, repository, memory.fed);
      return lookAtWorktree(deps, session, host);
    case "end": {
      const worktree = await deps.worktrees.getBySession(id);
      const outcome = await takeEndingStep(deps, { session, worktree, repository, queue });
      deps.changes.session(id);
      return outcome === "done" ? "again" : outcome;
    }
    case "create": {
      // A clone that failed before waits for its time: who comes new does not.
      if (next.step === "clone" && !next.begun && repository.cloneFailure !== null) memory.clones.wake(repository.id);
      const begun = next.begun ? session : await begin(deps, session, next.step);
      const context = {
        deps,
        session: begun,
        repository,
        host,
        queue,
        git: gitOn(host, deps.signal),
        heavy: memory.heavy,
      };
      return takeStep(context, next.step, memory);
    }
    default:
      return assertNever(next);
  }
}

/** The cache may have died with its host. A failed feed is told where git is used: a person is asked for a password. */
async function keepFed(deps: SessionDeps, repository: Repository, fed: Map<string, number>): Promise<void> {
  const nowMs = deps.now().getTime();
  if (nowMs - (fed.get(repository.id) ?? 0) < feedEveryMs) return;
  fed.set(repository.id, nowMs);
  await feedCredentialCache(deps, deps.host(repository.host), repository).catch((error: unknown) => {
    if (!deps.signal.aborted) deps.log.warn("credential cache was not fed", { repositoryId: repository.id, error });
  });
}

function begin(deps: SessionDeps, session: Session, step: CreationStep): Promise<Session> {
  return write(deps, session, { creation: withBegun(session.creation, step, deps.now()) });
}

async function takeStep(context: CreationContext, step: CreationStep, memory: TurnMemory): Promise<TurnOutcome> {
  const { deps, session } = context;
  const attempt = memory.attempts.get(session.id) ?? 0;
  const outcome = await steps[step](context).catch((error: unknown) => afterError(context, { error, step, attempt }));
  if (deps.signal.aborted) return "rest";
  switch (outcome.kind) {
    case "done":
      memory.attempts.delete(session.id);
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
