import type { ErrorCode } from "../../domain/app-error";
import type { ViewerClose } from "../../terminals/terminals";

/** Closing codes of the contract, section 3. Only 1012 and 1013 are retried by browsers. */
export const closeCode = {
  done: 1000,
  restarting: 1012,
  busy: 1013,
  malformed: 4400,
  signedOut: 4401,
  notYours: 4403,
  unknown: 4404,
  sessionEnded: 4409,
  replaced: 4410,
} as const;

export const viewerCloseCode: Record<ViewerClose, number> = {
  replaced: closeCode.replaced,
  "session-ended": closeCode.sessionEnded,
  closed: closeCode.done,
  malformed: closeCode.malformed,
  "too-slow": closeCode.busy,
  restarting: closeCode.restarting,
};

/** A refusal to attach. What is not named here may pass by itself: the browser comes back. */
export function refusalCloseCode(code: ErrorCode): number {
  switch (code) {
    case "not-found":
      return closeCode.unknown;
    case "signed-out":
      return closeCode.signedOut;
    case "forbidden":
      return closeCode.notYours;
    case "invalid":
      return closeCode.malformed;
    case "conflict":
      return closeCode.sessionEnded;
    default:
      return closeCode.busy;
  }
}
