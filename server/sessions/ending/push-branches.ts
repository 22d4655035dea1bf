import { credentialEnv } from "../git/credential-env";
import { lastWords } from "../git/last-words";
import { asPerson, type Checkout, inCheckout, inClone } from "../loss/checkout";
import { findBranches } from "../loss/find-branches";
import type { EndingContext } from "./ending-context";

/** A person's hook may run their tests. */
const limitMs = 1_800_000;

export type Pushed = { state: "pushed"; branches: string[] } | { state: "refused"; reason: string };

/**
 * Pushes each branch of the session that has commits on no remote, under its own name, with the person's git: their
 * keys, helpers and hooks. Never forced: what a remote refuses is the person's to decide. A branch that its remote has
 * already counts as pushed, so that a push whose answer was lost in a crash is told like any other.
 */
export async function pushBranches(context: EndingContext, checkout: Checkout): Promise<Pushed> {
  const { deps, session, repository } = context;
  const { git } = checkout;
  const { signal } = deps;
  const { tips } = await findBranches(deps, { checkout, session, signal });
  const secret = await deps.repositories.secret(repository.id);
  const branches: string[] = [];
  for (const { branch, sha } of tips) {
    const beyond = await git.must(["rev-list", "--count", sha, "--not", "--remotes", "--"], inClone(checkout, signal));
    const remote = await remoteOf(checkout, branch, signal);
    if (Number(beyond.stdout) === 0) {
      const there = ["rev-parse", "--quiet", "--verify", `refs/remotes/${remote}/${branch}`];
      if ((await git.try(there, inClone(checkout, signal))).stdout.trim() === sha) branches.push(branch);
      continue;
    }
    const ref = `refs/heads/${branch}`;
    const pushed = await git.try(["push", "--no-recurse-submodules", "--", remote, `${ref}:${ref}`], {
      ...asPerson(checkout, signal, credentialEnv(repository.cloneUrl, secret)),
      timeoutMs: limitMs,
    });
    if (pushed.code !== 0) {
      return { state: "refused", reason: `Pushing ${branch} failed: ${lastWords(pushed.stderr)}` };
    }
    branches.push(branch);
  }
  return { state: "pushed", branches };
}

/** As `git push` itself would choose. */
async function remoteOf(checkout: Checkout, branch: string, signal: AbortSignal): Promise<string> {
  for (const key of [`branch.${branch}.pushRemote`, "remote.pushDefault", `branch.${branch}.remote`]) {
    const value = (await checkout.git.try(["config", "--get", key], inCheckout(checkout, signal))).stdout.trim();
    if (value !== "" && value !== ".") return value;
  }
  return "origin";
}
