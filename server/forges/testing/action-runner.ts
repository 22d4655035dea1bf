import { vi } from "vitest";
import { z } from "zod";
import type { ForgeGround } from "./forge";

const registeredShape = z.object({ runner: z.object({ uuid: z.string(), token: z.string() }) });
const taskShape = z.object({ task: z.object({ id: z.string(), workflowPayload: z.base64() }).optional() });

/** Has jobs of a repository's workflows fail as a runner of the label `trellis` would; each log tells what it ran. */
export async function failJobs({ url, path, owner, api }: ForgeGround, count: number): Promise<void> {
  const made = await api<{ token: string }>(owner, "POST", `/repos/${path}/actions/runners/registration-token`);
  let known: Record<string, string> = {};
  const ask = async (call: string, body: object): Promise<unknown> => {
    const headers = { "content-type": "application/json", ...known };
    const wanted = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/actions/runner.v1.RunnerService/${call}`, wanted);
    if (!response.ok) throw new Error(`${call}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const self = { name: "trellis", token: made.token, version: "v0", labels: ["trellis"], ephemeral: false };
  const { runner } = registeredShape.parse(await ask("Register", self));
  known = { "x-runner-uuid": runner.uuid, "x-runner-token": runner.token };
  for (let done = 0; done < count; done += 1) {
    const { id, workflowPayload } = await vi.waitFor(async () => {
      const { task } = taskShape.parse(await ask("FetchTask", { tasksVersion: "0" }));
      if (!task) throw new Error("there is nothing to run yet");
      return task;
    });
    const time = new Date().toISOString();
    const ran = /echo (\w+)/.exec(Buffer.from(workflowPayload, "base64").toString("utf8"))?.[1];
    const rows = [{ time, content: `ran ${ran}` }];
    await ask("UpdateLog", { taskId: id, index: "0", noMore: true, rows });
    await ask("UpdateTask", { state: { id, result: "RESULT_FAILURE", startedAt: time, stoppedAt: time } });
  }
}
