import { afterAll, beforeAll } from "vitest";
import { contractOfForgeClient } from "../forge-client.contract";
import { modelGround } from "../testing/model-ground";
import { createGithubClient } from "./github-client";
import { type StandInGithub, startGithub } from "./testing/stand-in-github";

let github: StandInGithub;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

contractOfForgeClient("GitHub's schema, shapes and refusals over a model", () => {
  const { model, url } = github;
  return {
    ...modelGround(model),
    hasWordIds: true,
    client: (options) => createGithubClient({ url, token: model.token, now: () => new Date(), pollMs: 1, ...options }),
  };
});
