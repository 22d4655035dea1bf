import { type HostRef, hostKey, livesOn } from "../../domain/host";
import { every } from "../../kit/every";
import { limited } from "../../kit/limited";
import { createLoops } from "../../kit/loops";
import { sweepSetAside } from "../ending/sweep-set-aside";
import type { Clones } from "../repositories/clones";
import { restIdleHosts } from "../resting/rest-idle-hosts";
import type { SessionDeps } from "../session-deps";
import { EarlyFetches } from "../steps/early-fetches";
import { lookEveryMs } from "./look-at-worktree";
import { type TurnMemory, takeSessionTurn } from "./take-session-turn";
import { tellUnreachable } from "./tell-unreachable";

export interface Reconciler {
  wake(sessionId: string): void;
  start(): Promise<void>;
  idle(): Promise<void>;
}

/** Checkouts and copies at one time: more would only make each of them slower. */
const heavyAtOnce = 4;
const turnsAtOnce = 32;
/** How often directories set aside are looked at: kept long enough, or the disk is short. */
const setAsideEveryMs = 600_000;
/** How often pods are looked at that may be put to rest. */
const restEveryMs = 20_000;

/** One loop per session, woken by the API, by clones and hosts, and by time: a wake that is lost only costs time. */
export function createReconciler(deps: SessionDeps, clones: Clones): Reconciler {
  const memory = newMemory(clones);
  const loops = createLoops({
    atOnce: turnsAtOnce,
    signal: deps.signal,
    turn: (id) => takeSessionTurn(deps, id, memory),
    onError: (sessionId, error) => deps.log.error("session turn failed", { sessionId, error }),
  });
  const told = new Map<string, number>();
  const idleSince = new Map<string, number>();

  const unfinished = () => deps.sessions.listUnfinished();
  const wakeAll = async () => {
    for (const { id } of await unfinished()) loops.wake(id);
  };
  const wakeOn = async (ref: HostRef) => {
    memory.fit.delete(hostKey(ref)); // another pod may be of another image
    for (const session of await unfinished()) if (livesOn(session, ref)) loops.wake(session.id);
  };
  const wakeOf = async (repositoryId: string) => {
    for (const session of await unfinished()) if (session.repositoryId === repositoryId) loops.wake(session.id);
  };
  const sweep = async () => {
    const sessions = await unfinished();
    for (const { id } of sessions) loops.ensure(id);
    await tellUnreachable(deps, sessions, told);
  };
  const report = reporter(deps, "sessions could not be listed");
  const reportSetAside = reporter(deps, "directories set aside could not be looked at");
  const stopListening = [
    clones.onSettled((repositoryId) => void wakeOf(repositoryId).catch(report)),
    deps.onHostState((ref) => void wakeOn(ref).catch(report)),
  ];
  const stop = () => {
    for (const stopOne of stopListening) stopOne();
  };
  deps.signal.addEventListener("abort", stop, { once: true });
  let sweeping: Promise<unknown> = Promise.resolve();

  return {
    wake: loops.wake,
    async start() {
      await wakeAll();
      sweeping = Promise.all([
        every(lookEveryMs, sweep, { signal: deps.signal, onError: report }),
        every(restEveryMs, () => restIdleHosts(deps, idleSince), { signal: deps.signal, onError: report }),
        every(setAsideEveryMs, () => sweepSetAside(deps), { signal: deps.signal, onError: reportSetAside }),
      ]);
    },
    async idle() {
      await sweeping;
      await loops.idle();
    },
  };
}

const newMemory = (clones: Clones): TurnMemory => ({
  clones,
  attempts: new Map(),
  heavy: limited(heavyAtOnce),
  fit: new Map(),
  early: new EarlyFetches(),
  signedIn: new Map(),
});

const reporter = (deps: SessionDeps, message: string) => (error: unknown) => {
  if (!deps.signal.aborted) deps.log.error(message, { error });
};
