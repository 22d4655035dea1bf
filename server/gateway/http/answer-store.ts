/** The answer that a POST with an Idempotency-Key got. */
export type StoredAnswer = { status: number; body: unknown };

/** `new` is the caller's to carry out and to `finish` or `abandon`; `pending` is being carried out by another. */
export type AnswerClaim =
  | { kind: "new" }
  | { kind: "pending" }
  | { kind: "other-request" }
  | { kind: "answered"; answer: StoredAnswer };

/** Kept for 24 h at least. Of two callers with one key, one gets `new`. */
export interface AnswerStore {
  claim(userId: string, key: string, requestHash: string): Promise<AnswerClaim>;
  finish(userId: string, key: string, answer: StoredAnswer): Promise<void>;
  abandon(userId: string, key: string): Promise<void>;
}
