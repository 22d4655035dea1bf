import type { Forge } from "../domain/forge";
import type { ForgeClient } from "../pulls/forge-client";
import { createForgejoClient } from "./forgejo/forgejo-client";
import { createGithubClient } from "./github/github-client";
import { createGitlabClient } from "./gitlab/gitlab-client";

const clients = { forgejo: createForgejoClient, github: createGithubClient, gitlab: createGitlabClient };

/** The client of a forge by its kind. It keeps the budget of its token, and what it saw: one for each of both. */
export function createForgeClient(forge: Pick<Forge, "kind" | "url">, token: string, now: () => Date): ForgeClient {
  return clients[forge.kind]({ url: forge.url, token, now });
}
