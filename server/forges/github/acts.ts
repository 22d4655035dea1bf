import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import type { ForgeClient } from "../../pulls/forge-client";
import type { GithubHttp } from "./github-http";
import { merge } from "./merge";
import { listedShape } from "./shapes";

type Acts = Pick<ForgeClient, "openPull" | "merge" | "retarget" | "update" | "requestReview">;
type Parts = {
  http: GithubHttp;
  on(path: string): string;
  pollMs: number;
  read(path: string, number: number): Promise<PullFacts>;
};

/** What a person does to a pull request: by REST, and then it is read anew. */
export function githubActs({ http, on, pollMs, read }: Parts): Acts {
  return {
    async openPull(path, wanted) {
      const opened = await http.ask(["POST", `${on(path)}/pulls`], listedShape, { body: wanted });
      return read(path, opened.number);
    },
    async merge(path, number, wanted) {
      await merge({ http, on, pollMs }, path, { number, ...wanted });
      return read(path, number);
    },
    async retarget(path, number, base) {
      const asked = http.send("PATCH", `${on(path)}/pulls/${number}`, { body: { base } });
      await asked.catch(ofStack("takes its base from the stack"));
      return read(path, number);
    },
    async update(path, number, { headSha }) {
      const body = { expected_head_sha: headSha };
      const asked = http.send("PUT", `${on(path)}/pulls/${number}/update-branch`, { body });
      await asked.catch((error: unknown) => {
        if (AppError.is(error) && /expected.head.sha/i.test(error.message))
          throw new AppError("conflict", `#${number} moved meanwhile: look again.`, { cause: error });
        return ofStack("is brought up to date by rebasing the stack")(error);
      });
      return read(path, number);
    },
    async requestReview(path, number, names) {
      const teams = names.filter((name) => name.includes("/")).map((name) => name.slice(name.indexOf("/") + 1));
      const body = { reviewers: names.filter((name) => !name.includes("/")), team_reviewers: teams };
      await http.send("POST", `${on(path)}/pulls/${number}/requested_reviewers`, { body });
      return read(path, number);
    },
  };
}

/** GitHub refuses some acts on what it keeps in a stack of its own. */
function ofStack(what: string): (error: unknown) => never {
  return (error) => {
    if (AppError.is(error) && error.code === "refused" && /part of a stack/i.test(error.message))
      throw new AppError("refused", `It is part of a stack at GitHub and ${what}: change the stack there.`, {
        cause: error,
      });
    throw error;
  };
}
