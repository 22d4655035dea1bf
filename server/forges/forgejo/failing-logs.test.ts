import { expect, test, vi } from "vitest";
import type { Check } from "../../domain/pull";
import { failJobs } from "../testing/action-runner";
import { describeForge } from "../testing/forge";
import { createForgejoClient } from "./forgejo-client";

const now = () => new Date();
const workflow = `name: ci
on: [push]
jobs:
  one: { runs-on: trellis, steps: [{ run: echo first }] }
  two: { runs-on: trellis, steps: [{ run: echo second }] }
`;

describeForge("logs of a real Gitea's own runner", (ground) => {
  test("each failing check has the end of its own job's log, and an address that leads there", async () => {
    const { url, path, owner } = ground();
    const client = createForgejoClient({ url, token: owner.token, now });
    await ground().push("failing", "origin/main", { file: ".gitea/workflows/ci.yml", text: workflow });
    const wanted = { title: "Failing", body: "", base: "main", head: "failing", draft: false };
    const { number } = await client.openPull(path, wanted);
    await failJobs(ground(), 2);
    const checks = await vi.waitFor(async () => {
      const facts = await client.readPull(path, number);
      const failing = facts.checks.known ? facts.checks.checks.filter(({ state }) => state === "failing") : [];
      expect(failing.map(({ name }) => name).sort()).toEqual(["ci / one (push)", "ci / two (push)"]);
      return failing;
    });
    for (const check of checks) expect(check.url).toMatch(`${url}/${path}/actions/runs/`);
    const logs = await client.failingLogs(path, checks, { jobs: 3, bytes: 1_000 });
    expect(Object.fromEntries(logs.map(({ check, text }) => [check, text.trim()]))).toEqual({
      "ci / one (push)": expect.stringMatching(/ran first$/),
      "ci / two (push)": expect.stringMatching(/ran second$/),
    });
  });
});

test("before Gitea 1.26, a check's address counts runs of the repository, and jobs of the run", async () => {
  const job = (id: number, name: string, place: number) => ({
    ...{ id, name, html_url: `https://forge.test/o/app/actions/runs/7/jobs/${place}` },
  });
  const jobs = [job(1, "one", 0), job(2, "two", 1)];
  const answers: Record<string, unknown> = {
    "/repos/o/app/actions/jobs/1": jobs[0],
    "/repos/o/app/actions/runs": {
      workflow_runs: [
        { id: 31, run_number: 8 },
        { id: 30, run_number: 7 },
      ],
    },
    "/repos/o/app/actions/runs/30/jobs": { jobs },
    "/repos/o/app/actions/jobs/1/logs": "the log of one",
    "/repos/o/app/actions/jobs/2/logs": "the log of two",
  };
  const older: typeof fetch = async (input) => {
    const answer = answers[new URL(String(input)).pathname.replace("/api/v1", "")];
    if (answer === undefined) return Response.json({ message: "not found" }, { status: 404 });
    return typeof answer === "string" ? new Response(answer) : Response.json(answer);
  };
  const client = createForgejoClient({ url: "https://forge.test", token: "t", now, fetch: older });
  const check = (name: string, place: number): Check => ({
    ...{ name, state: "failing", url: `https://forge.test/o/app/actions/runs/7/jobs/${place}`, runId: null },
  });
  const failing = [check("ci / one (push)", 0), check("ci / two (push)", 1), check("of another name", 1)];
  const logs = await client.failingLogs("o/app", failing, { jobs: 3, bytes: 1_000 });
  expect(logs.map(({ text }) => text)).toEqual(["the log of one", "the log of two", "the log of two"]);
});
