export type LinkTimings = {
  /** From asking for a stream to the holder's welcome. */
  connectMs: number;
  pingMs: number;
  /** A whole number of pings: that many without a byte from the holder drop the link. */
  silenceMs: number;
  /** How long a request waits for a link that is away before it is rejected. */
  awayMs: number;
  /** How long the holder has for an answer, beyond what the request itself may take. */
  answerMs: number;
  firstRetryMs: number;
  maxRetryMs: number;
  /** After a refusal: only a person can change it, so this is slow. */
  refusedRetryMs: number;
  /** A holder whose own queue is full lets input fall, and says nothing until it is sent again. */
  firstResendMs: number;
  maxResendMs: number;
};

export const linkTimings: LinkTimings = {
  connectMs: 15_000,
  pingMs: 15_000,
  silenceMs: 45_000,
  awayMs: 8_000,
  answerMs: 10_000,
  firstRetryMs: 250,
  maxRetryMs: 8_000,
  refusedRetryMs: 30_000,
  firstResendMs: 2_000,
  maxResendMs: 30_000,
};

/** Doubles from the first to the last wait; `random` (0 to 1) takes away up to half, so that links do not come back in step. */
export function retryMs(attempt: number, random: number, timings: LinkTimings): number {
  const whole = Math.min(timings.maxRetryMs, timings.firstRetryMs * 2 ** Math.min(attempt, 30));
  return whole * (1 - random / 2);
}
