import { AppError } from "../../domain/app-error";
import type { Check } from "../../domain/pull";
import type { FailingLog } from "../../pulls/forge-client";
import type { ForgeHttp } from "../http";
import { pageSize } from "./paging";
import { jobShape, jobsShape, type RawJob, runsShape } from "./shapes";

type Parts = { http: ForgeHttp; on(path: string): string };
type Wanted = { path: string; failing: Check[]; limits: { jobs: number; bytes: number } };

/** Of the forge's own runner; what another CI ran has its log there, behind the check's address. */
export async function failingLogs({ http, on }: Parts, { path, failing, limits }: Wanted): Promise<FailingLog[]> {
  const own = failing.filter(({ url }) => url?.includes("/actions/runs/"));
  const logs: FailingLog[] = [];
  for (const check of own.slice(0, limits.jobs)) {
    const text = await logOf(http, on(path), { check, bytes: limits.bytes }).catch((error: unknown) => {
      // Told without its log rather than not at all.
      if (AppError.is(error) && error.code !== "unavailable") return null;
      throw error;
    });
    if (text !== null) logs.push({ check: check.name, url: check.url, text });
  }
  return logs;
}

async function logOf(
  http: ForgeHttp,
  at: string,
  { check, bytes }: { check: Check; bytes: number },
): Promise<string | null> {
  const [address, run, last] = /\/actions\/runs\/(\d+)(?:\/jobs\/(\d+))?/.exec(check.url ?? "") ?? [];
  if (address === undefined) return null;
  const meant = { check, address, run: Number(run), last: Number(last ?? 0) };
  const job = (await jobById(http, at, meant)) ?? (await jobByPlace(http, at, meant));
  return job && (await http.send(`${at}/actions/jobs/${job.id}/logs`, { tailBytes: bytes })).text;
}

type Meant = { check: Check; address: string; run: number; last: number };

/** Since Gitea 1.26 the address of a check, which is its job's, ends with the ids of run and job. */
async function jobById(http: ForgeHttp, at: string, { check, address, last }: Meant): Promise<RawJob | null> {
  try {
    const job = await http.ask(`${at}/actions/jobs/${last}`, jobShape);
    return job.html_url.endsWith(address) && isNamed(check, job) ? job : null;
  } catch (error) {
    if (!AppError.is(error) || error.code !== "not-found") throw error;
    return null;
  }
}

/** Before, it ended with the run's number in its repository and the job's place in the run. */
async function jobByPlace(http: ForgeHttp, at: string, { check, run, last }: Meant): Promise<RawJob | null> {
  const { workflow_runs } = await http.ask(`${at}/actions/runs`, runsShape, { query: { limit: pageSize } });
  const id = workflow_runs?.find(({ run_number }) => run_number === run)?.id;
  if (id === undefined) return null;
  const { jobs } = await http.ask(`${at}/actions/runs/${id}/jobs`, jobsShape, { query: { limit: pageSize } });
  const named = (jobs ?? []).filter((job) => isNamed(check, job));
  return (named.length === 1 ? named[0] : jobs?.[last]) ?? null;
}

/** A check is called `workflow / job (event)`. */
const isNamed = (check: Check, job: RawJob): boolean => check.name.includes(` / ${job.name} (`);
