import type { LossLook } from "../domain/loss";
import type { Keep, Phase, Session, Worktree } from "../domain/session";
import type { User } from "../domain/user";
import type { WantedSession } from "./create-session-row";
import type { Page, SessionFilter } from "./session-store";

export type StepState = {
  step: string;
  title: string;
  state: "waiting" | "running" | "done" | "failed";
  startedAt: Date | null;
  endedAt: Date | null;
  detail: string | null;
};

/** What is derived from a session's facts when it is read. */
export type SessionReading = {
  session: Session;
  worktree: Worktree | null;
  phase: Phase;
  phaseDetail: string | null;
  steps: StepState[];
  setAsideUntil: Date | null;
};

/** All that the API may ask about sessions. Every call is scoped by the user: another's session is `not-found`. */
export interface Sessions {
  /** Writes the row and answers; the reconciler does the rest. `adopt` takes over a pull request's own branch. */
  create(user: User, wanted: WantedSession): Promise<SessionReading>;
  list(filter: SessionFilter): Promise<Page<SessionReading>>;
  get(user: User, id: string): Promise<SessionReading>;
  /** For readers that have no user at hand, such as the terminals room. */
  read(id: string): Promise<SessionReading | null>;
  rename(user: User, id: string, title: string): Promise<SessionReading>;
  /** Brings up a host that rests: `AppError("unavailable")` while that takes longer than a person waits. */
  look(user: User, id: string): Promise<LossLook>;
  /** `accepted` goes on in the background; `already` changed nothing. `AppError("loss-changed")` carries the new look. */
  end(
    user: User,
    id: string,
    wanted: { keep: Keep; token: string | null },
  ): Promise<{
    outcome: "accepted" | "already";
    reading: SessionReading;
  }>;
  retry(user: User, id: string, options: { skip: boolean }): Promise<SessionReading>;
  /** A file dropped into a terminal: kept outside the worktree, at most 64 MiB; gives its absolute path on the host. */
  upload(user: User, id: string, file: { name: string; bytes: Uint8Array }): Promise<{ path: string }>;
  countActive(userId: string): Promise<{ repositoryId: string; count: number }[]>;
}
