import { AppError } from "../../domain/app-error";
import type { Check } from "../../domain/pull";
import type { FailingLog } from "../../pulls/forge-client";
import type { GithubHttp } from "./github-http";
import { checkRunShape } from "./shapes";

type Parts = { http: GithubHttp; on(path: string): string };
type Wanted = { path: string; failing: Check[]; limits: { jobs: number; bytes: number } };

/** Of Actions the job's log, of other apps what they wrote into their check; commit statuses have neither. */
export async function failingLogs({ http, on }: Parts, { path, failing, limits }: Wanted): Promise<FailingLog[]> {
  const logs: FailingLog[] = [];
  for (const check of failing.filter(({ runId }) => runId !== null).slice(0, limits.jobs)) {
    const text = await logOf(http, on(path), { check, bytes: limits.bytes }).catch((error: unknown) => {
      // Gone, or not for this token: the check is told without its log rather than not at all.
      if (AppError.is(error) && error.code !== "unavailable") return "";
      throw error;
    });
    if (text !== "") logs.push({ check: check.name, url: check.url, text });
  }
  return logs;
}

async function logOf(http: GithubHttp, at: string, { check, bytes }: { check: Check; bytes: number }): Promise<string> {
  const [, job] = /\/actions\/runs\/\d+\/job\/(\d+)/.exec(check.url ?? "") ?? [];
  if (job !== undefined) {
    const { data } = await http.send("GET", `${at}/actions/jobs/${job}/logs`, { tailBytes: bytes });
    return withoutTimes(data instanceof ArrayBuffer ? Buffer.from(data).toString("utf8") : String(data));
  }
  const { output } = await http.ask(["GET", `${at}/check-runs/${check.runId}`], checkRunShape);
  return [output.title, output.summary, output.text].filter(Boolean).join("\n\n").slice(-bytes);
}

/** Each line of the runner's begins with the time. */
const withoutTimes = (log: string): string => log.replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /gm, "");
