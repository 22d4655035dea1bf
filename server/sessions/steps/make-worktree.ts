import { randomUUID } from "node:crypto";
import { join } from "node:path/posix";
import type { Worktree } from "../../domain/session";
import { restoreRescue } from "../ending/restore-rescue";
import { despiteLocks } from "../git/clone-queue";
import { keepCredentials } from "../git/host-credentials";
import { beginAdopted, followRemote } from "./adopted-branch";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";
import { seeWorktree } from "./see-worktree";
import { worktreeConfig } from "./worktree-config";
import { beingMade, worktreePlan } from "./worktree-plan";

const checkoutLimitMs = 3_600_000;

/** What was found before anything was done. `config` is what git is to be told for it, as commands. */
type Found = { path: string; worktree: Worktree; hasBranch: boolean; config: string[][] };

/** The session's branch and worktree, whatever a killed attempt or a hand from outside left of them. */
export async function makeWorktree(context: CreationContext): Promise<StepOutcome> {
  const { deps, session, repository, host, git, queue } = context;
  const path = join(host.paths().worktrees, session.shortId);
  const cwd = queue.path;
  const branchRef = `refs/heads/${session.branch}`;
  const [worktree, seen, branch, config] = await Promise.all([
    recordOf(context, path),
    seeWorktree(context, path),
    git.try(["show-ref", "--verify", "--quiet", branchRef], { cwd }),
    worktreeConfig(context),
    keepCredentials(deps, host, repository),
  ]);
  const found = { path, worktree, hasBranch: branch.code === 0, config };

  let plan = worktreePlan(seen);
  if (plan === "clear") {
    await queue.run(async () => {
      await host.run(["rm", "-rf", "--", path], { signal: deps.signal, timeoutMs: 600_000 });
      await git.must(["worktree", "remove", "--force", "--force", path], { cwd });
    });
    plan = "add";
  }
  if (plan === "taken")
    return failed(`${path} is there already, and it is not a worktree of this repository. Move it away, then retry.`);
  if (plan === "put-back") return done(await putBack(context, path));
  if (plan === "done") {
    await recordMade(context, worktree);
    return done(worktree.madeAt === null ? null : "The directory is back.");
  }
  const details: (string | null)[] = [];
  if (plan === "finish") await removeLeftLocks(context, path);
  if (plan === "add") {
    const added = await add(context, found);
    if (added.kind !== "done") return added;
    details.push(added.detail);
  }
  details.push(await complete(context, found));
  return done(details.filter((detail) => detail !== null).join(" ") || null);
}

function recordOf({ deps, session }: CreationContext, path: string): Promise<Worktree> {
  return deps.worktrees.ensure({
    id: randomUUID(),
    sessionId: session.id,
    repositoryId: session.repositoryId,
    path,
    branch: session.branch,
    madeAt: null,
    setAsidePath: null,
    setAsideAt: null,
    purged: null,
  });
}

async function recordMade({ deps }: CreationContext, worktree: Worktree): Promise<void> {
  if (worktree.madeAt === null) await deps.worktrees.update(worktree.id, { madeAt: deps.now() });
}

/** Without files: they come outside the clone's queue, so that one large checkout does not hold up all others. */
async function add(context: CreationContext, { path, worktree, hasBranch }: Found): Promise<StepOutcome> {
  const { session, git, queue } = context;
  const cwd = queue.path;
  const held = ["worktree", "add", "--no-checkout", "--lock", "--reason", beingMade];
  const adopted = session.adoptedFrom === null || worktree.madeAt !== null ? null : await beginAdopted(context);
  if (adopted !== null && adopted.kind !== "done") return adopted;
  if (adopted !== null || hasBranch) {
    await queue.run(() => git.must([...held, path, session.branch], { cwd }));
    if (worktree.madeAt === null) return adopted ?? done();
    return done("The directory was gone: it is made again from the branch.");
  }
  const { baseSha } = session;
  if (baseSha === null) throw new Error(`session ${session.id} has no base, though it was fetched`);
  await queue.run(() => git.must([...held, "--no-track", "-b", session.branch, path, baseSha], { cwd }));
  return done(
    worktree.madeAt === null ? null : "The directory and its branch were gone: both begin at the base again.",
  );
}

/** Of a checkout, or of what is told to git for it, that was killed: nobody else has worked in it. */
async function removeLeftLocks({ deps, host, git }: CreationContext, path: string): Promise<void> {
  const asked = ["index.lock", "HEAD.lock", "config.worktree.lock"].flatMap((name) => ["--git-path", name]);
  const { stdout } = await git.must(["rev-parse", ...asked], { cwd: path });
  await host.run(["rm", "-f", "--", ...stdout.trim().split("\n")], { cwd: path, signal: deps.signal });
}

/** Nobody has worked in it yet: every part may be done again from the start. The lock goes last. */
async function complete(context: CreationContext, { path, worktree, config }: Found): Promise<string | null> {
  const { deps, session, git, queue, heavy } = context;
  const checkout = ["checkout", "--quiet", "--force", "--no-recurse-submodules", session.branch, "--"];
  const told = () => git.mustAll([checkout, ...config], { cwd: path, timeoutMs: checkoutLimitMs });
  // The git of a server that was killed may hold them for a moment still.
  await heavy(() => despiteLocks(told, deps.signal));
  if (session.adoptedFrom !== null) await followRemote(context);
  const brought = await restored(context, path, worktree);
  const [left] = await Promise.all([
    submodules(context, path),
    git.must(["worktree", "unlock", path], { cwd: queue.path }),
  ]);
  await recordMade(context, worktree);
  const details = [brought, left];
  return details.filter((detail) => detail !== null).join(" ") || null;
}

async function restored(context: CreationContext, cwd: string, worktree: Worktree): Promise<string | null> {
  const { deps, session } = context;
  if (session.restoredFromId === null) return null;
  const from = await deps.sessions.get(session.restoredFromId);
  if (!from) return "The session to restore from is gone.";
  return (await restoreRescue(deps, { session, worktree, from, cwd })).detail;
}

async function submodules({ deps, host }: CreationContext, path: string): Promise<string | null> {
  const found = await host.run(["test", "-f", join(path, ".gitmodules")], { signal: deps.signal });
  if (found.code !== 0) return null;
  return "Its submodules are left for you: `git submodule update --init` fetches them.";
}

/** What was staged is in git's record still, and comes back; only what was never given to git is lost with the directory. */
async function putBack({ deps, host, git, queue, heavy }: CreationContext, path: string): Promise<string> {
  await queue.run(async () => {
    await host.run(["mkdir", "-p", "-m", "700", "--", path], { signal: deps.signal });
    await git.must(["worktree", "repair"], { cwd: queue.path });
  });
  const listing = await host.run(["find", path, "-mindepth", "1", "-maxdepth", "1", "-not", "-name", ".git"], {
    signal: deps.signal,
  });
  if (listing.stdout.length > 0) return "Its link to git was gone and is mended; no file was touched.";
  await heavy(() => git.must(["checkout-index", "--all", "--quiet"], { cwd: path, timeoutMs: checkoutLimitMs }));
  return "The directory was gone: its files are back as they were last staged or committed.";
}
