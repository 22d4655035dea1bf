import { createHash } from "node:crypto";
import { AppError } from "../../domain/app-error";
import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import { unlessAborted } from "../../kit/unless-aborted";
import type { HostBurden } from "../repositories";
import type { SessionDeps } from "../session-deps";
import { runningOn, sessionsOn } from "./running-on";

/** Ends what a person saw running, and no more than that; shells at their prompt are started again. */
export async function restartHost(deps: SessionDeps, repository: Repository, token: string | null): Promise<void> {
  const host = deps.host(hostOfRepository(repository));
  if (repository.host === "local")
    throw new AppError("refused", "This repository lives on this machine, which Trellis does not start again.");
  if (host.state().kind === "suspended") return host.wake();
  const burden = await runningOn(deps, repository);
  const now = tokenOf(burden);
  if (now !== null && token !== now)
    throw new AppError("conflict", wordsFor(burden), { details: { ...burden, token: now } });
  for (const { id } of await sessionsOn(deps, repository)) {
    if (burden.unknown.some(({ sessionId }) => sessionId === id)) continue;
    const programs = burden.sessions.find(({ sessionId }) => sessionId === id)?.programs ?? [];
    await deps.terminals.rest(id, new Set(programs.flatMap(({ terminalId }) => terminalId ?? [])));
  }
  await unlessAborted(host.restart(), deps.signal).catch(async (error: unknown) => {
    deps.signal.throwIfAborted();
    for (const { id } of await sessionsOn(deps, repository)) await deps.terminals.goOn(id);
    throw error;
  });
  deps.changes.repository(repository.id);
}

/** Names the terminals in which something runs, so that what a running build starts meanwhile is no news. Null for none. */
function tokenOf({ sessions, unknown }: HostBurden): string | null {
  const running = sessions.flatMap(({ sessionId, programs }) =>
    programs.map(({ terminalId, pid }) => `${sessionId} ${terminalId ?? pid}`),
  );
  const seen = [...new Set([...running, ...unknown.map(({ sessionId }) => `${sessionId} unknown`)])].toSorted();
  return seen.length === 0 ? null : createHash("sha256").update(seen.join("\n")).digest("base64url");
}

function wordsFor({ sessions, unknown }: HostBurden): string {
  const programs = sessions.reduce((sum, each) => sum + each.programs.length, 0);
  const said = [
    programs > 0 ? `${programs} running program(s) in ${sessions.length} session(s) end with it` : null,
    unknown.length > 0 ? `what runs in ${unknown.length} session(s) cannot be seen now` : null,
  ].filter((words) => words !== null);
  return `Starting the host again: ${said.join(", and ")}. Read the list, then confirm it.`;
}
