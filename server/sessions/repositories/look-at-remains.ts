import { createHash } from "node:crypto";
import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { Session, Worktree } from "../../domain/session";
import { clonePath } from "../git/clone-path";
import { type Git, gitOn } from "../git/git";
import { hostStateOf } from "../host-state-of";
import type { RepositoryRemains } from "../repositories";
import { awaken } from "../resting/awaken";
import type { SessionDeps } from "../session-deps";
import { sessionsOf } from "./sessions-of";

/** What ended sessions left, newest first. A subject is null where the host cannot be asked now: it is not waited for. */
export async function lookAtRescues(deps: SessionDeps, repository: Repository): Promise<RepositoryRemains["rescues"]> {
  const [sessions, worktrees, subjects] = await Promise.all([
    sessionsOf(deps, repository, "ended"),
    deps.worktrees.listByRepository(repository.id),
    rescueSubjects(deps, repository).catch(() => new Map<string, string>()), // a list without subjects still serves
  ]);
  return sessions
    .map((session: Session) => ({
      session,
      refs: session.rescueRefs.map((rescue) => ({ ...rescue, subject: subjects.get(rescue.ref) ?? null })),
      worktree: worktrees.find(({ sessionId }) => sessionId === session.id) ?? null,
    }))
    .filter(({ refs, worktree }) => refs.length > 0 || (worktree?.setAsidePath != null && worktree.purged === null));
}

/** Rejects where anything cannot be seen: what is unknown is never listed as nothing to lose. */
export async function lookAtRemains(
  deps: SessionDeps,
  repository: Repository,
): Promise<RepositoryRemains & { token: string }> {
  const worktrees = await deps.worktrees.listByRepository(repository.id);
  if (isNeverMade(deps, repository, worktrees))
    return withToken({ rescues: [], unpushedBranches: [], directories: [] });
  await awaken(deps, hostOfRepository(repository));
  const host = deps.host(hostOfRepository(repository));
  const rescues = await lookAtRescues(deps, repository);
  const listed = new Set(rescues.flatMap(({ refs }) => refs.map(({ ref }) => ref)));
  const unpushedBranches = await unpushed(deps, repository, listed);
  const directories: string[] = [];
  for (const path of worktrees.flatMap((worktree) => [worktree.path, worktree.setAsidePath])) {
    if (path === null) continue;
    const there = await host.run(["test", "-e", path], { signal: deps.signal });
    if (there.code !== 1) directories.push(path);
  }
  return withToken({ rescues, unpushedBranches, directories });
}

const withToken = (remains: RepositoryRemains) => ({ ...remains, token: tokenOf(remains) });

/**
 * Known without its host: no clone was ever complete and no worktree was ever begun, so nobody can have made anything
 * there. Asked only of a pod that is not up, which may never come up.
 */
function isNeverMade(deps: SessionDeps, repository: Repository, worktrees: Worktree[]): boolean {
  if (repository.host === "local" || deps.host(hostOfRepository(repository)).state().kind === "reachable") return false;
  return repository.clonedAt === null && worktrees.length === 0;
}

/** Nothing of a person's goes with the repository. */
export function isNothing({ rescues, unpushedBranches, directories }: RepositoryRemains): boolean {
  return rescues.length === 0 && unpushedBranches.length === 0 && directories.length === 0;
}

function tokenOf({ rescues, unpushedBranches, directories }: RepositoryRemains): string {
  const seen = {
    refs: rescues.flatMap(({ refs }) => refs.map(({ ref, sha }) => `${ref} ${sha}`)).toSorted(),
    branches: unpushedBranches.map(({ branch, commits }) => `${branch} ${commits}`).toSorted(),
    directories: directories.toSorted(),
  };
  return createHash("sha256").update(JSON.stringify(seen)).digest("base64url");
}

async function hasClone(deps: SessionDeps, repository: Repository): Promise<boolean> {
  const host = deps.host(hostOfRepository(repository));
  return (await host.run(["test", "-e", clonePath(host, repository)], { signal: deps.signal })).code !== 1;
}

async function rescueSubjects(deps: SessionDeps, repository: Repository): Promise<Map<string, string>> {
  if (hostStateOf(deps, hostOfRepository(repository)).kind !== "reachable") return new Map();
  if (!(await hasClone(deps, repository))) return new Map();
  const { git, cwd } = gitOfClone(deps, repository);
  const refs = await git.must(["for-each-ref", "--format=%(refname)%09%(contents:subject)", "refs/trellis/rescue/"], {
    cwd,
  });
  const lines = refs.stdout.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf("\t")), line.slice(line.indexOf("\t") + 1)]));
}

/** What remotes bring, tags among it: a tag of a person's own cannot be told from those. */
const fetched = /^refs\/(remotes|tags)\//;

/** Branches by their names, stashes and refs of any other kind by their whole ones; all but what is listed already. */
async function unpushed(
  deps: SessionDeps,
  repository: Repository,
  listed: Set<string>,
): Promise<RepositoryRemains["unpushedBranches"]> {
  if (!(await hasClone(deps, repository))) return [];
  const { git, cwd } = gitOfClone(deps, repository);
  const refs = (await git.must(["for-each-ref", "--format=%(refname)"], { cwd })).stdout.split("\n");
  const found: RepositoryRemains["unpushedBranches"] = [];
  for (const ref of refs) {
    if (ref === "" || fetched.test(ref) || listed.has(ref)) continue;
    // Older stashes are reached by the reflog alone.
    const reach = ref === "refs/stash" ? ["--walk-reflogs", ref] : [ref, "--not", "--remotes"];
    const commits = Number((await git.must(["rev-list", "--count", ...reach, "--"], { cwd })).stdout);
    if (commits > 0) found.push({ branch: ref.replace(/^refs\/heads\//, ""), commits });
  }
  return found;
}

function gitOfClone(deps: SessionDeps, repository: Repository): { git: Git; cwd: string } {
  const host = deps.host(hostOfRepository(repository));
  return { git: gitOn(host, deps.signal), cwd: clonePath(host, repository) };
}
