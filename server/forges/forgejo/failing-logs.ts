import { AppError } from "../../domain/app-error";
import type { Check } from "../../domain/pull";
import type { FailingLog } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { jobsShape } from "./shapes";

type Parts = { http: ForgeHttp; on(path: string): string };
type Wanted = { path: string; failing: Check[]; limits: { jobs: number; bytes: number } };

/** Of the forge's own runner; what another CI ran has its log there, behind the check's address. */
export async function failingLogs({ http, on }: Parts, { path, failing, limits }: Wanted): Promise<FailingLog[]> {
  const own = failing.filter(({ url }) => url?.includes("/actions/runs/"));
  const logs: FailingLog[] = [];
  for (const check of own.slice(0, limits.jobs)) {
    const text = await logOf({ http, on }, { path, check, bytes: limits.bytes }).catch((error: unknown) => {
      // Told without its log rather than not at all.
      if (AppError.is(error) && error.code !== "unavailable") return null;
      throw error;
    });
    if (text !== null) logs.push({ check: check.name, url: check.url, text });
  }
  return logs;
}

/** The check's address ends with the run and the number of its job: `…/actions/runs/7/jobs/0`. */
async function logOf(
  { http, on }: Parts,
  { path, check, bytes }: { path: string; check: Check; bytes: number },
): Promise<string | null> {
  const [, run, index] = /\/actions\/runs\/(\d+)(?:\/jobs\/(\d+))?/.exec(check.url ?? "") ?? [];
  if (run === undefined) return null;
  const { jobs } = await http.ask(`${on(path)}/actions/runs/${run}/jobs`, jobsShape);
  const job = jobs?.[Number(index ?? 0)];
  if (!job) return null;
  return (await http.send(`${on(path)}/actions/jobs/${job.id}/logs`, { tailBytes: bytes })).text;
}
