import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import type { ForgeClient } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { restPullShape, userShape } from "./shapes";

type Acts = Pick<ForgeClient, "openPull" | "merge" | "retarget" | "update" | "requestReview">;
type Parts = {
  http: ForgeHttp;
  on(path: string): string;
  read(path: string, number: number): Promise<PullFacts>;
  host: string;
};

/** What a person does to a merge request: by REST, and then it is read anew. */
export function gitlabActs({ http, on, read, host }: Parts): Acts {
  const at = (path: string, number: number) => `${on(path)}/merge_requests/${number}`;
  const change = async (path: string, number: number, body: object): Promise<PullFacts> => {
    await http.send(at(path, number), { method: "PUT", body });
    return read(path, number);
  };

  return {
    async openPull(path, { title, body, base, head, draft }) {
      const opened = { title: draft ? `Draft: ${title}` : title, description: body };
      const wanted = { ...opened, source_branch: head, target_branch: base };
      const { iid } = await http.ask(`${on(path)}/merge_requests`, restPullShape, { method: "POST", body: wanted });
      return read(path, iid);
    },
    async merge(path, number, { headSha, method, deleteBranch }) {
      // Whether there is a merge commit is the project's own setting.
      const squash = method === null ? {} : { squash: method === "squash" };
      const body = { sha: headSha, should_remove_source_branch: deleteBranch, ...squash };
      await http.send(`${at(path, number)}/merge`, { method: "PUT", body });
      return read(path, number);
    },
    retarget: (path, number, base) => change(path, number, { target_branch: base }),
    async update(path, number, { headSha }) {
      const { sha } = await http.ask(at(path, number), restPullShape);
      if (sha !== headSha) throw new AppError("conflict", `!${number} moved meanwhile: look again.`);
      await http.send(`${at(path, number)}/rebase`, { method: "PUT" });
      return read(path, number);
    },
    async requestReview(path, number, names) {
      // The forge takes a whole list: who is asked already stays.
      const { reviewers } = await http.ask(at(path, number), restPullShape);
      const ids = new Set((reviewers ?? []).map(({ id }) => id));
      for (const username of names) {
        const [found] = await http.ask("/v4/users", z.array(userShape), { query: { username } });
        if (!found) throw new AppError("refused", `There is no ${username} at ${host}.`);
        ids.add(found.id);
      }
      return change(path, number, { reviewer_ids: [...ids] });
    },
  };
}
