import { startGithub } from "../../server/forges/github/testing/stand-in-github";
import { startGitlab } from "../../server/forges/gitlab/testing/stand-in-gitlab";
import type { ForgeModel } from "../../server/forges/testing/forge-model";
import { openCounter } from "./counter";
import { branchesOf, type ForgeSide, repositories } from "./forge-side";

type StandIn = { url: string; model: ForgeModel; tokens: Map<string, unknown>; close(): Promise<void> };

/** Longer ago than a look reads twice. */
const settledMs = 2 * 3_600_000;

export const openGithub = (): Promise<ForgeSide> => open("GitHub", "github", startGithub);
export const openGitlab = (): Promise<ForgeSide> => open("GitLab", "gitlab", startGitlab);

/** One stand-in for each repository, for each knows one; all of them take one token. */
async function open(name: string, kind: ForgeSide["kind"], start: () => Promise<StandIn>): Promise<ForgeSide> {
  const forges = await Promise.all(Array.from({ length: repositories }, start));
  const counters = await Promise.all(forges.map(({ url }) => openCounter(url)));
  const token = "token-of-the-bench";
  for (const [at, { model, tokens }] of forges.entries()) {
    for (const known of [...tokens.values()]) tokens.set(token, known);
    for (const branch of branchesOf(at)) {
      check(model, model.push(branch));
      const pull = model.open({ title: branch, body: "", draft: false, base: "main", head: branch });
      pull.createdAt = pull.updatedAt = new Date(Date.now() - settledMs);
    }
  }
  let counted = 0;
  return {
    ...{ name, kind, token },
    places: counters.map(({ url }, at) => ({ url, path: forges[at]?.model.path ?? "" })),
    now: () => new Date(),
    async move() {
      for (const [at, { model }] of forges.entries()) check(model, model.push(branchesOf(at)[0] ?? ""));
    },
    requests() {
      const all = counters.reduce((sum, counter) => sum + counter.requests(), 0);
      const since = all - counted;
      counted = all;
      return since;
    },
    async close() {
      for (const each of [...counters, ...forges]) await each.close();
    },
  };
}

const check = (model: ForgeModel, sha: string) => void model.setCheck(sha, "build", { state: "passing" });
