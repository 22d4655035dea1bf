import { createHash } from "node:crypto";
import type { Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import { clonePath } from "../git/clone-path";
import { type Git, gitOn } from "../git/git";
import type { RepositoryRemains } from "../repositories";
import type { SessionDeps } from "../session-deps";
import { sessionsOf } from "./sessions-of";

/** What ended sessions left, newest first. A subject is null where the host cannot be asked now. */
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
  const host = deps.host(repository.host);
  const [rescues, unpushedBranches] = await Promise.all([lookAtRescues(deps, repository), unpushed(deps, repository)]);
  const worktrees = await deps.worktrees.listByRepository(repository.id);
  const directories: string[] = [];
  for (const path of worktrees.flatMap((worktree) => [worktree.path, worktree.setAsidePath])) {
    if (path === null) continue;
    const there = await host.run(["test", "-e", path], { signal: deps.signal });
    if (there.code !== 1) directories.push(path);
  }
  const remains = { rescues, unpushedBranches, directories };
  return { ...remains, token: tokenOf(remains) };
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
  const host = deps.host(repository.host);
  return (await host.run(["test", "-e", clonePath(host, repository)], { signal: deps.signal })).code !== 1;
}

async function rescueSubjects(deps: SessionDeps, repository: Repository): Promise<Map<string, string>> {
  if (!(await hasClone(deps, repository))) return new Map();
  const { git, cwd } = gitOfClone(deps, repository);
  const refs = await git.must(["for-each-ref", "--format=%(refname)%09%(contents:subject)", "refs/trellis/rescue/"], {
    cwd,
  });
  const lines = refs.stdout.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf("\t")), line.slice(line.indexOf("\t") + 1)]));
}

async function unpushed(deps: SessionDeps, repository: Repository): Promise<RepositoryRemains["unpushedBranches"]> {
  if (!(await hasClone(deps, repository))) return [];
  const { git, cwd } = gitOfClone(deps, repository);
  const branches = (await git.must(["for-each-ref", "--format=%(refname)", "refs/heads/"], { cwd })).stdout;
  const found: RepositoryRemains["unpushedBranches"] = [];
  for (const ref of branches.split("\n").filter((line) => line !== "")) {
    const count = await git.must(["rev-list", "--count", ref, "--not", "--remotes"], { cwd });
    const commits = Number(count.stdout.trim());
    if (commits > 0) found.push({ branch: ref.slice("refs/heads/".length), commits });
  }
  return found;
}

function gitOfClone(deps: SessionDeps, repository: Repository): { git: Git; cwd: string } {
  const host = deps.host(repository.host);
  return { git: gitOn(host, deps.signal), cwd: clonePath(host, repository) };
}
