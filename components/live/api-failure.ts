import { apiError } from "../../server/protocol/api";

/** A request that was refused or not answered. `message` is meant to be read: the server's own words where it gave any. */
export class ApiFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = "ApiFailure";
  }
}

/** What to show for anything that was thrown. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiFailure) return error.message;
  return "Something went wrong in this page. Reload it; nothing on the server was changed by this.";
}

/** The refusal in an answer that is not a success. */
export function failureOf(status: number, body: unknown): ApiFailure {
  const read = apiError.safeParse(body);
  if (read.success) return new ApiFailure(read.data.error.code, read.data.error.message, read.data.error.details);
  return new ApiFailure(
    "unreadable",
    `The server answered ${status} without a reason. Its log may say more; then try again.`,
  );
}
