import type { Session } from "../domain/session";
import type { Terminal } from "../domain/terminal";
import type { Log } from "../kit/log";
import type { Notifications } from "../notifications/notifications";
import type { HostFacts } from "../sessions/host";
import type { SessionStore } from "../sessions/session-store";

type Around = {
  sessions: Pick<SessionStore, "get">;
  facts(session: Session): HostFacts;
  notifications: Pick<Notifications, "tell">;
  log: Log;
};

/** A program that ended badly, or was lost with its holder, as a notification for the session's owner. */
export function tellProgramEnded(terminal: Terminal, around: Around): void {
  tell(terminal, around).catch((error: unknown) =>
    around.log.error("a person could not be told that a program ended", { terminalId: terminal.id, error }),
  );
}

async function tell(terminal: Terminal, { sessions, facts, notifications }: Around): Promise<void> {
  const session = await sessions.get(terminal.sessionId);
  if (!session) return;
  const lost = terminal.exit?.reason === "lost";
  await notifications.tell({
    userId: session.userId,
    sessionId: session.id,
    kind: lost ? "holder-lost" : "program-ended",
    title: lost ? `A program of ${session.title} was lost` : `A program of ${session.title} ended`,
    body: howItEnded(terminal, lost ? facts(session).lastEnd : undefined),
  });
}

function howItEnded(
  { exit, title, programTitle, command, createdAt }: Terminal,
  lastEnd: HostFacts["lastEnd"],
): string {
  const what = title ?? programTitle ?? command?.join(" ") ?? "The shell";
  if (!exit) return `${what} ended.`;
  if (exit.reason === "lost") {
    // One before the terminal was made has nothing to do with it.
    const why = lastEnd && lastEnd.at >= createdAt ? ` ${lastEnd.words}.` : "";
    return `${what} was running when the holder died.${why} What it printed up to then is kept.`;
  }
  return `${what} ended ${exit.signal ? `by ${exit.signal}` : `with code ${exit.code}`}.`;
}
