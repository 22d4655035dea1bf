import { assertNever } from "../../server/domain/assert-never";

export const pingEveryMs = 10_000;
/** Both for a ping's answer and for a socket to open. */
const answerWithinMs = 2_000;
const openWithinMs = 8_000;
const firstDelayMs = 250;
const firstMinuteMs = 60_000;

/** Closing codes that another try cannot mend: done, too large, malformed, signed out, not yours, unknown, ended, replaced. */
const finalCodes = new Set([1000, 1009, 4400, 4401, 4403, 4404, 4409, 4410]);

/** The trouble that a new socket inherits until its first message: an accepted socket alone proves nothing. */
type Trouble = { lostAt: number; attempt: number };

/** One link to the server, whatever it carries. Times are milliseconds on the clock that `step` is given. */
export type LinkState =
  | { kind: "stopped" }
  | { kind: "connecting"; trouble: Trouble | null }
  | { kind: "open"; trouble: Trouble | null; awaitingPong: boolean }
  | { kind: "waiting"; trouble: Trouble; retryAt: number }
  | { kind: "refused"; code: number; reason: string };

export type LinkEvent =
  | { type: "start" }
  | { type: "stop" }
  | { type: "opened" }
  | { type: "message" }
  | { type: "closed"; code: number; reason: string }
  /** Back online, visible again, or a person said "try now". */
  | { type: "wake" }
  | { type: "timer" };

/** `drop` closes the socket, whose events count no more. At most one timer runs: `timerMs` replaces it, null stops it. */
export type LinkStep = { state: LinkState; effects: ("connect" | "drop" | "ping")[]; timerMs: number | null };

export type Chance = { now: number; random: number };

/** Waits grow from 250 ms, to at most 1 s in the first minute and 8 s after it, with up to a quarter off at random. */
export function backoffMs({ attempt, forMs, random }: { attempt: number; forMs: number; random: number }): number {
  const limit = forMs < firstMinuteMs ? 1_000 : 8_000;
  return Math.round(Math.min(limit, firstDelayMs * 2 ** Math.min(attempt, 10)) * (0.75 + 0.25 * random));
}

/** Decides what a link does next. Pure: the caller owns socket, clock and timer. */
export function step(state: LinkState, event: LinkEvent, chance: Chance): LinkStep {
  switch (event.type) {
    case "start":
      return state.kind === "stopped" ? connect(null, []) : stay(state, 0);
    case "stop":
      return { state: { kind: "stopped" }, effects: ["drop"], timerMs: null };
    case "opened":
      return state.kind === "connecting"
        ? { state: { kind: "open", trouble: state.trouble, awaitingPong: false }, effects: [], timerMs: pingEveryMs }
        : stay(state, 0);
    case "message":
      return state.kind === "open" ? { state: settled(state), effects: [], timerMs: pingEveryMs } : stay(state, 0);
    case "closed":
      return closed(state, event, chance);
    case "wake":
      return wake(state);
    case "timer":
      return timer(state, chance);
    default:
      return assertNever(event);
  }
}

/** The same object where nothing changes: a flood of messages is no flood of states. */
function settled(state: Extract<LinkState, { kind: "open" }>): LinkState {
  return state.trouble === null && !state.awaitingPong ? state : { kind: "open", trouble: null, awaitingPong: false };
}

function connect(trouble: Trouble | null, before: LinkStep["effects"]): LinkStep {
  return { state: { kind: "connecting", trouble }, effects: [...before, "connect"], timerMs: openWithinMs };
}

function stay(state: LinkState, timerMs: number | null): LinkStep {
  return { state, effects: [], timerMs: timerMs === 0 ? keepTimer : timerMs };
}

/** Tells the caller to leave its timer alone. */
export const keepTimer = -1;

function closed(state: LinkState, { code, reason }: { code: number; reason: string }, chance: Chance): LinkStep {
  if (state.kind !== "open" && state.kind !== "connecting") return stay(state, 0);
  if (finalCodes.has(code)) return { state: { kind: "refused", code, reason }, effects: [], timerMs: null };
  return retryLater(state.trouble, chance, []);
}

function retryLater(before: Trouble | null, { now, random }: Chance, effects: LinkStep["effects"]): LinkStep {
  const trouble = before === null ? { lostAt: now, attempt: 0 } : { ...before, attempt: before.attempt + 1 };
  const waitMs = backoffMs({ attempt: trouble.attempt, forMs: now - trouble.lostAt, random });
  return { state: { kind: "waiting", trouble, retryAt: now + waitMs }, effects, timerMs: waitMs };
}

function wake(state: LinkState): LinkStep {
  switch (state.kind) {
    case "waiting":
      return connect(state.trouble, []);
    case "open":
      return { state: { ...state, awaitingPong: true }, effects: ["ping"], timerMs: answerWithinMs };
    case "connecting":
    case "refused":
    case "stopped":
      return stay(state, 0);
    default:
      return assertNever(state);
  }
}

function timer(state: LinkState, chance: Chance): LinkStep {
  switch (state.kind) {
    case "waiting":
      return connect(state.trouble, []);
    case "connecting":
      return retryLater(state.trouble, chance, ["drop"]);
    case "open":
      if (!state.awaitingPong) {
        return { state: { ...state, awaitingPong: true }, effects: ["ping"], timerMs: answerWithinMs };
      }
      return connect(state.trouble ?? { lostAt: chance.now, attempt: 0 }, ["drop"]);
    case "refused":
    case "stopped":
      return stay(state, null);
    default:
      return assertNever(state);
  }
}
