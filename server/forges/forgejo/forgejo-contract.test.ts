import { contractOfForgeClient } from "../forge-client.contract";
import type { ContractForge } from "../testing/contract-forge";
import { describeForge, type ForgeGround } from "../testing/forge";
import { createForgejoClient } from "./forgejo-client";

describeForge("the contract on a real Gitea", (ground) => {
  contractOfForgeClient("Gitea", () => contractGround(ground()));
});

function contractGround(ground: ForgeGround): ContractForge {
  const { url, owner, reviewer, path, api, git } = ground;
  const states = { pending: "pending", passing: "success", failing: "failure", neutral: "warning" };
  const events = { approve: "APPROVED", "request-changes": "REQUEST_CHANGES", comment: "COMMENT" };
  return {
    ...{ path, owner: owner.login, reviewer: reviewer.login, many: { checks: 500, comments: 300 } },
    hasWordIds: true,
    client: (options) => createForgejoClient({ url, token: owner.token, now: () => new Date(), ...options }),
    async push(branch, from = "main") {
      await git("fetch", "--quiet", "origin");
      const text = `${branch} ${Math.random()}`;
      return ground.push(branch, `origin/${from}`, { file: `${branch.replaceAll("/", "-")}.txt`, text });
    },
    async pushConflicting(branch) {
      await git("fetch", "--quiet", "origin");
      const before = await git("rev-parse", "origin/main");
      await ground.push("main", "origin/main", { file: "same.txt", text: "ours" });
      return ground.push(branch, before, { file: "same.txt", text: "theirs" });
    },
    setCheck: (sha, context, state) =>
      api(owner, "POST", `/repos/${path}/statuses/${sha}`, { context, state: states[state] }),
    review: (number, word, comments = []) =>
      api(reviewer, "POST", `/repos/${path}/pulls/${number}/reviews`, {
        ...{ event: events[word], body: "Word." },
        comments: comments.map(({ path: file, line, body }) => ({ path: file, new_position: line, body })),
      }),
    close: (number) => api(owner, "PATCH", `/repos/${path}/pulls/${number}`, { state: "closed" }),
    async openFromGoneFork() {
      const fork = await api<{ full_name: string }>(reviewer, "POST", `/repos/${path}/forks`, {});
      const content = Buffer.from("From afar.").toString("base64");
      const change = { content, message: "Afar", branch: "main", new_branch: "gone" };
      await api(reviewer, "POST", `/repos/${fork.full_name}/contents/afar.txt`, change);
      const wanted = { title: "From afar", base: "main", head: `${reviewer.login}:gone` };
      const { number } = await api<{ number: number }>(reviewer, "POST", `/repos/${path}/pulls`, wanted);
      await api(reviewer, "DELETE", `/repos/${fork.full_name}`);
      return number;
    },
  };
}
