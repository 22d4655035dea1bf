import type { Host } from "../host";
import { credentialEnv } from "./credential-env";
import { gitOn } from "./git";

/** `defaultBranch` is null where the remote names none, as an empty repository does. */
export type RemoteLook =
  | { state: "there"; defaultBranch: string | null; branches: string[] }
  | { state: "refused"; reason: string };

const limitMs = 20_000;

/** Asks the remote without a clone. `branches` are those asked for that are there. */
export async function lookAtRemote(
  host: Pick<Host, "run">,
  remote: { url: string; secret: string | null; branches?: string[] },
  signal: AbortSignal,
): Promise<RemoteLook> {
  const refs = (remote.branches ?? []).map((branch) => `refs/heads/${branch}`);
  const look = await gitOn(host, signal).try(["ls-remote", "--symref", "--", remote.url, "HEAD", ...refs], {
    cwd: "/",
    timeoutMs: limitMs,
    env: credentialEnv(remote.url, remote.secret),
  });
  if (look.code === null) return { state: "refused", reason: `the remote did not answer within ${limitMs / 1_000} s` };
  if (look.code !== 0) return { state: "refused", reason: look.stderr.trim() || `git ended with code ${look.code}` };
  const lines = look.stdout.split("\n");
  const head = lines.find((line) => line.startsWith("ref: refs/heads/") && line.endsWith("\tHEAD"));
  return {
    state: "there",
    defaultBranch: head?.slice("ref: refs/heads/".length, -"\tHEAD".length) ?? null,
    branches: (remote.branches ?? []).filter((branch) => lines.some((line) => line.endsWith(`\trefs/heads/${branch}`))),
  };
}
