import { credentialEnv } from "../git/credential-env";
import { lastWords } from "../git/last-words";
import { asPerson, type Checkout, inCheckout, inClone } from "../loss/checkout";
import { findBranches } from "../loss/find-branches";
import type { EndingContext } from "./ending-context";

/** A person's hook may run their tests. */
const limitMs = 1_800_000;

export type Pushed = { state: "pushed"; branches: string[] } | { state: "refused"; branches: string[]; reason: string };

/**
 * Pushes each branch of the session that has commits on no remote, under its own name, with the person's git: their
 * keys, helpers and hooks. Never forced: what a remote refuses is the person's to decide.
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
    if (Number(beyond.stdout) === 0) continue;
    const remote = await remoteOf(checkout, branch, signal);
    const ref = `refs/heads/${branch}`;
    const pushed = await git.try(["push", "--no-recurse-submodules", "--", remote, `${ref}:${ref}`], {
      ...asPerson(checkout, signal, credentialEnv(repository.cloneUrl, secret)),
      timeoutMs: limitMs,
    });
    if (pushed.code !== 0) {
      return { state: "refused", branches, reason: `Pushing ${branch} failed: ${lastWords(pushed.stderr)}` };
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
