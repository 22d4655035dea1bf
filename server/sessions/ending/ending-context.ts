import type { Repository } from "../../domain/repository";
import type { RescueRef, Session, Worktree } from "../../domain/session";
import type { Host } from "../host";
import { type Checkout, findCheckout } from "../loss/checkout";
import type { SessionDeps } from "../session-deps";

/** What a step of ending works with. */
export type EndingContext = {
  deps: SessionDeps;
  session: Session;
  ending: NonNullable<Session["ending"]>;
  worktree: Worktree | null;
  repository: Repository;
  host: Host;
  /** Orders whatever changes the clone. */
  queue: { run<T>(work: () => Promise<T>): Promise<T> };
};

export type EndingOutcome =
  | { kind: "done"; detail: string | null; saved?: { rescueRefs: RescueRef[]; pushedBranches: string[] } }
  /** The session is active again, and why. Only before anything was moved. */
  | { kind: "refused"; reason: string; isPush: boolean }
  /** Facts changed meanwhile: look at them again. */
  | { kind: "again" };

export const done = (detail: string | null = null): EndingOutcome => ({ kind: "done", detail });
export const refused = (reason: string): EndingOutcome => ({ kind: "refused", reason, isPush: false });

export function checkoutOf({ deps, host, session, worktree }: EndingContext): Promise<Checkout | null> {
  return findCheckout(host, { session, worktree, signal: deps.signal });
}

/** Nobody ever worked in it: creation was given up before the worktree was complete. */
export const neverMade = ({ worktree }: Pick<EndingContext, "worktree">): boolean => worktree?.madeAt == null;
