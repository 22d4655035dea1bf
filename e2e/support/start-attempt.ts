import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export type Ending = { code: number | null; stdout: string; stderr: string };

/** A start of the program that is expected to end by itself; cut off, as a failure, after the limit. */
export async function startAttempt(
  env: Record<string, string>,
  { script = "start", limitMs = 90_000 }: { script?: "start" | "stop-all" | "sign-in"; limitMs?: number } = {},
): Promise<Ending> {
  const { PATH, LANG, TMPDIR } = process.env;
  const given: Record<string, string | undefined> = {
    PATH,
    LANG: LANG ?? "C.UTF-8",
    TMPDIR,
    USER: os.userInfo().username,
    HOME: os.tmpdir(),
    ...env,
  };
  const child = spawn(process.execPath, [`scripts/${script}.mjs`], {
    cwd: root,
    env: given as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ending: Ending = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    ending.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    ending.stderr += chunk;
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const [code] = await once(child, "close");
  clearTimeout(limit);
  return { ...ending, code };
}
