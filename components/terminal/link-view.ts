import type { TerminalEvent } from "@/server/protocol/terminal-frames";

export type TerminalLink =
  | { kind: "connecting" }
  /** The socket is there; the terminal is being made, or its host is away. */
  | { kind: "waiting"; reason: string }
  /** `resumedAt` is set after a drop, for the words "Resumed, nothing lost". */
  | { kind: "live"; resumedAt: number | null }
  | { kind: "dropped"; since: number; attempt: number }
  /** Not tried again by itself. */
  | { kind: "refused"; words: string; canTryAgain: boolean };

/** What the pane shows of a terminal's link: plain data, changed only by making a new one. */
export type LinkView = {
  link: TerminalLink;
  role: "driver" | "viewer" | null;
  viewers: number;
  driven: boolean;
  size: { cols: number; rows: number } | null;
  roundTripMs: number | null;
  /** Bytes typed and not yet taken. */
  heldBytes: number;
  /** Held over a long drop: nothing is sent until the person says so. `fresh` when the server forgot the stream. */
  unsent: { bytes: number; fresh: boolean } | null;
  exit: { code: number | null; signal: string | null; reason: "exited" | "killed" | "lost"; offset: number } | null;
  headOffset: number;
  /** Bytes told as gone, in all. */
  missingBytes: number;
  /** What was refused or went wrong last, in the server's words; gone once this viewer drives. */
  notice: string | null;
};

export const firstView: LinkView = {
  link: { kind: "connecting" },
  role: null,
  viewers: 0,
  driven: false,
  size: null,
  roundTripMs: null,
  heldBytes: 0,
  unsent: null,
  exit: null,
  headOffset: 0,
  missingBytes: 0,
  notice: null,
};

/** Pure; a title, a bell and a directory are the screen's own business and change nothing here. */
export function foldEvent(view: LinkView, event: TerminalEvent): LinkView {
  switch (event.type) {
    case "role":
      return {
        ...view,
        role: event.role,
        driven: event.driverId !== null,
        notice: event.role === "driver" ? null : view.notice,
      };
    case "presence":
      return { ...view, viewers: event.viewers, driven: event.driver };
    case "state":
      return event.state === "waiting"
        ? { ...view, link: { kind: "waiting", reason: event.reason ?? "The terminal is being made." } }
        : { ...view, link: view.link.kind === "waiting" ? { kind: "live", resumedAt: null } : view.link };
    case "error":
      return { ...view, notice: event.message };
    case "title":
    case "cwd":
    case "bell":
      return view;
  }
}

const refusals: Record<number, Extract<TerminalLink, { kind: "refused" }>> = {
  1000: { kind: "refused", words: "This terminal was closed.", canTryAgain: false },
  4401: { kind: "refused", words: "You are signed out. Sign in again to go on.", canTryAgain: false },
  4403: { kind: "refused", words: "This session is not yours.", canTryAgain: false },
  4404: { kind: "refused", words: "This terminal is not there any more.", canTryAgain: false },
  4409: { kind: "refused", words: "The session has ended. Its output can be downloaded here.", canTryAgain: false },
  4410: { kind: "refused", words: "This terminal was opened by a copy of this page.", canTryAgain: true },
};

/** A final closing code of the terminal socket, in words. */
export function refusalOf(code: number, reason: string): Extract<TerminalLink, { kind: "refused" }> {
  const words = `The server did not understand this page (${reason || code}). Reload it.`;
  return refusals[code] ?? { kind: "refused", words, canTryAgain: true };
}
