import { randomBytes } from "node:crypto";
import { hostRefOf } from "../../domain/host";
import type { Look, Loss, LossLook } from "../../domain/loss";
import type { Session, Worktree } from "../../domain/session";
import type { SessionDeps } from "../session-deps";
import { type Checkout, findCheckout } from "./checkout";
import { findStashes } from "./find-stashes";
import { lookAtBranches } from "./look-at-branches";
import { lookAtFiles } from "./look-at-files";
import { lookAtOperation } from "./look-at-operation";
import { lookAtRepositories } from "./look-at-repositories";
import { type PartLimits, part } from "./part";

const limitMs = 20_000;

const none = { count: 0, bytes: 0, names: [] };

/**
 * Looks now at all that ending the session would lose, stores the look under a random token and gives it. Its parts
 * are looked at apart: one that fails or is slow is unknown and spoils no other. A host that is away makes all of them
 * unknown, or with `whenAway: "throw"` is thrown on, for whoever can wait for it.
 */
export async function lookAtLoss(
  deps: SessionDeps,
  input: { session: Session; worktree: Worktree | null; whenAway?: PartLimits["whenAway"] },
): Promise<LossLook> {
  const { session, worktree } = input;
  const host = deps.host(hostRefOf(session));
  const limits: PartLimits = { signal: deps.signal, limitMs, whenAway: input.whenAway ?? "unknown" };
  const checkout = await part(limits, (limit) => findCheckout(host, { session, worktree, signal: limit }));
  /** Of a session whose worktree was never made there are no files, which is known. */
  const neverMade = !worktree || (worktree.madeAt === null && !hasDirectory(checkout));
  const inside = <T>(empty: T, work: (checkout: Checkout, signal: AbortSignal) => Promise<T>): Promise<Look<T>> =>
    neverMade ? Promise.resolve({ state: "known", value: empty }) : inClone(checkout, empty, work);
  const inClone = async <T>(
    at: Look<Checkout | null>,
    empty: T,
    work: (checkout: Checkout, signal: AbortSignal) => Promise<T>,
  ): Promise<Look<T>> => {
    if (at.state === "unknown") return at;
    const found = at.value;
    if (!found && neverMade) return { state: "known", value: empty };
    if (!found) return { state: "unknown", reason: "the repository's clone is gone" };
    return part(limits, (limit) => work(found, limit));
  };
  const [branches, files, stashes, operation, repositories, programs, turns] = await Promise.all([
    inClone(checkout, [], (at, limit) => lookAtBranches(deps, { checkout: at, session, signal: limit })),
    inside({ changed: none, untracked: none, ignored: none }, lookAtFiles),
    inClone(checkout, [], (at, limit) => findStashes(deps, { checkout: at, session, signal: limit })),
    inside(null, lookAtOperation),
    inside({ submodules: [], nested: [] }, lookAtRepositories),
    part(limits, () => host.programs(session.id)),
    part(limits, () => deps.runningTurns(session.id)),
  ]);
  const loss: Loss = {
    ...{ branches, stashes, operation, programs, turns },
    changed: of(files, "changed"),
    untracked: of(files, "untracked"),
    ignored: of(files, "ignored"),
    submodules: of(repositories, "submodules"),
    nestedRepositories: of(repositories, "nested"),
  };
  const look: LossLook = {
    token: randomBytes(24).toString("base64url"),
    sessionId: session.id,
    loss,
    seenAt: deps.now(),
  };
  await deps.losses.put(look);
  return look;
}

const hasDirectory = (checkout: Look<Checkout | null>): boolean =>
  checkout.state === "unknown" || checkout.value?.directory != null;

/** One part of what was looked at together. */
function of<T, Key extends keyof T>(look: Look<T>, key: Key): Look<T[Key]> {
  return look.state === "known" ? { state: "known", value: look.value[key] } : look;
}
