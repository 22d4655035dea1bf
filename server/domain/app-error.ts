/** Every refusal a reader can act on. Each transport has one table from these to its own codes. */
export type ErrorCode =
  | "invalid"
  | "signed-out"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "loss-changed"
  | "too-large"
  | "unsupported-media-type"
  | "refused"
  | "not-available"
  | "too-many"
  | "unavailable";

const marker = Symbol.for("trellis.app-error");

/** A failure its reader can act on: `message` says what went wrong and what to do. Everything else thrown is a bug. */
export class AppError extends Error {
  readonly [marker] = true;
  readonly details: unknown;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown; details?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.details = options?.details;
  }

  /** By marker, for Next bundles a second copy of this class and `instanceof` lies across that seam. */
  static is(error: unknown): error is AppError {
    return typeof error === "object" && error !== null && marker in error;
  }
}
