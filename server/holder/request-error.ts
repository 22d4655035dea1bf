import type { HolderResponse } from "../protocol/holder-protocol";

type Code = Extract<HolderResponse, { ok: false }>["code"];

/** A refusal that the server can act on. Anything else thrown by a request is a bug and answered as `internal`. */
export class RequestError extends Error {
  constructor(
    readonly code: Code,
    message: string,
  ) {
    super(message);
    this.name = "RequestError";
  }
}
