import type { Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import type { CloneQueue, FetchOutcome } from "../git/clone-queue";
import type { Git } from "../git/git";
import type { Host } from "../host";
import type { SessionDeps } from "../session-deps";

/** What a step of creation works with. `session` is as read at the start of the step. */
export type CreationContext = {
  deps: SessionDeps;
  session: Session;
  repository: Repository;
  host: Host;
  git: Git;
  queue: CloneQueue;
  /** A fetch that began after the session was asked for, and after this step was taken last. */
  fetch(): Promise<FetchOutcome>;
  /** By host, what git says of its version where it and all tools will do. Kept while nothing is heard of the host. */
  fit: Map<string, string>;
  /** Keeps the heavy part of many steps from running all at once. */
  heavy<T>(work: () => Promise<T>): Promise<T>;
};

/**
 * `wait` is for what passes by itself, `failed` for what needs a person. A step may be killed anywhere and be taken
 * again: it begins by looking at what is there.
 */
export type StepOutcome =
  | { kind: "done"; detail: string | null }
  | { kind: "wait"; waitMs: number | "back-off"; detail: string | null }
  | { kind: "failed"; reason: string; output: string | null };

export const done = (detail: string | null = null): StepOutcome => ({ kind: "done", detail });
export const failed = (reason: string, output: string | null = null): StepOutcome => ({
  kind: "failed",
  reason,
  output,
});
