import { randomUUID } from "node:crypto";
import { HTTPException } from "hono/http-exception";
import { AppError, type ErrorCode } from "../../domain/app-error";
import type { Log } from "../../kit/log";
import type { ApiError } from "../../protocol/api";

/** The one table from refusals to HTTP. */
export const statusOf = {
  invalid: 400,
  "signed-out": 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "loss-changed": 409,
  "too-large": 413,
  "unsupported-media-type": 415,
  refused: 422,
  "not-available": 422,
  "too-many": 429,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

export type ErrorAnswer = {
  status: (typeof statusOf)[ErrorCode] | 500;
  body: ApiError;
  headers: Record<string, string>;
};

/** A refusal in its own words; anything else is ours to mend: an id that stands in the log, and no more. */
export function errorAnswer(error: unknown, log: Log): ErrorAnswer {
  const refusal = AppError.is(error) ? error : fromHono(error);
  if (!refusal) {
    const id = randomUUID();
    log.error("a request failed", { id, error });
    const message = `Something went wrong on the server. Its log has the reason under the id ${id}.`;
    return { status: 500, body: { error: { code: "internal", message, details: { id } } }, headers: {} };
  }
  const { code, message, details } = refusal;
  const headers: Record<string, string> =
    code === "too-many" || code === "unavailable" ? { "retry-after": String(retryAfter(details)) } : {};
  // What is left of the body is not read, so nothing can follow it on this connection.
  if (code === "too-large") headers["connection"] = "close";
  return {
    status: statusOf[code],
    body: { error: details === undefined ? { code, message } : { code, message, details } },
    headers,
  };
}

/** What Hono itself throws is about the request: a body that is no JSON, an address that is no address. */
function fromHono(error: unknown): AppError | null {
  if (error instanceof HTTPException && error.status < 500)
    return new AppError("invalid", error.message || "the request cannot be read", { cause: error });
  return null;
}

function retryAfter(details: unknown): number {
  const seconds =
    typeof details === "object" && details !== null && "retryAfterSeconds" in details ? details.retryAfterSeconds : 1;
  return typeof seconds === "number" ? Math.max(1, Math.ceil(seconds)) : 1;
}
