import { randomInt } from "node:crypto";
import type { NotificationView, RepositoryView, SessionView } from "../../server/protocol/api";
import type { ForgeView, PullView } from "../../server/protocol/pulls";
import type { ForgeRepository } from "./forge";
import type { Program } from "./program";
import { eventually, waitForPhase } from "./session";
import { TerminalClient } from "./terminal-client";

/** The forge, added to this program with its owner's token unless it is there. */
export async function addForge(program: Program, forge: ForgeRepository): Promise<ForgeView> {
  const { items } = await program.api<{ items: ForgeView[] }>("GET", "/api/forges");
  const known = items.find(({ url }) => url === forge.url);
  const wanted = { kind: "forgejo", url: forge.url, token: forge.token };
  return known ?? program.api<ForgeView>("POST", "/api/forges", wanted);
}

/** In the repository on the forge, which is added where it is not; waited for until its terminal is there. */
export async function newSession(program: Program, forge: ForgeRepository): Promise<SessionView> {
  const { items } = await program.api<{ items: RepositoryView[] }>("GET", "/api/repositories?limit=200");
  const known = items.find(({ name }) => name === forge.name || name === forge.path);
  const repository =
    known ?? (await program.api<RepositoryView>("POST", "/api/repositories", { cloneUrl: forge.cloneUrl }));
  const made = await program.api<SessionView>("POST", "/api/sessions", { repositoryId: repository.id });
  return waitForPhase(program, made.id, "active");
}

/** Typed by a person into the session's shell; resolves once the last of it was done. */
export async function typeInto(program: Program, session: SessionView, command: string): Promise<void> {
  const client = new TerminalClient({ url: program.url, token: program.token, sessionId: session.id });
  client.connect();
  await client.until("attached", () => client.attached !== null);
  client.request("take");
  // Its own each time, and put together by the shell: what is replayed or echoed is not it.
  const mark = randomInt(1_000_000);
  client.type(`${command}; echo over-$((${mark}*7))-\r`);
  await client.until("the end of it", () => client.tail.includes(`over-${mark * 7}-`));
  client.drop();
}

/** A file of its own on the branch that is checked out, or on a new one off it, pushed as an agent does. */
export const commitAndPush = (name: string, branch?: string): string =>
  `${branch === undefined ? "" : `git checkout -q -b '${branch}' && `}echo '${name}' > '${name}.txt' && git add -A && git commit -qm '${name}' && git push -q`;

export const readSession = (program: Program, { id }: Pick<SessionView, "id">): Promise<SessionView> =>
  program.api<SessionView>("GET", `/api/sessions/${id}`);

/** Asked for until it is as wanted. */
export const untilSession = (
  program: Program,
  session: SessionView,
  isSo: (view: SessionView) => boolean,
  limitMs = 120_000,
): Promise<SessionView> => eventually(() => readSession(program, session), isSo, limitMs);

/** By a person's click. A busy forge may answer too late for it: then it is seen whether it was done. */
export async function mergeFromHere(
  program: Program,
  session: SessionView,
  { number, method = "merge" }: { number: number; method?: "merge" | "squash" },
): Promise<void> {
  const ask = async () => {
    const pull = numbered((await readSession(program, session)).prs, number);
    if (pull?.state !== "open") return pull;
    const body = { headSha: pull.headSha, method };
    await program.api("POST", `/api/sessions/${session.id}/prs/${pull.id}/merge`, body).catch(unlessBusy);
    return numbered((await readSession(program, session)).prs, number);
  };
  await eventually(ask, (pull) => pull?.state === "merged", 90_000);
}

/** The forge did not answer in time, or has trouble of its own: asked again, it is well. */
export function unlessBusy(error: unknown): void {
  if (!/ 503 /.test(String(error))) throw error;
}

/** Told to its owner. What is seen is told a moment later, and what is over by then is not told any more. */
export async function untilTold(
  program: Program,
  session: SessionView,
  isIt: (told: NotificationView) => boolean,
): Promise<void> {
  await eventually(
    () => notificationsOf(program, session),
    (told) => told.some(isIt),
  );
}

/** Oldest first. */
export async function notificationsOf(program: Program, { id }: SessionView): Promise<NotificationView[]> {
  const { items } = await program.api<{ items: NotificationView[] }>("GET", "/api/notifications?limit=200");
  return items.filter(({ sessionId }) => sessionId === id).toReversed();
}

export const numbered = (prs: readonly PullView[], number: number): PullView | undefined =>
  prs.find((pull) => pull.number === number);
