import { dirname } from "node:path/posix";
import { AppError } from "../../domain/app-error";
import type { Host } from "../host";

/**
 * Renames a directory: all of it at once or nothing. Between file systems it is refused rather than copied, for a copy
 * that is cut off leaves two halves.
 */
export async function moveDirectory(host: Host, { from, to }: { from: string; to: string }): Promise<void> {
  await mustRun(host, ["mkdir", "-p", "-m", "700", "--", dirname(to)]);
  const devices = await mustRun(host, ["stat", "--format=%d", "--", from, dirname(to)]);
  const [one, other] = devices.trim().split("\n");
  if (one !== other) {
    const words = `${from} and ${dirname(to)} lie on different file systems. Put both on one, then retry.`;
    throw new AppError("refused", words);
  }
  await mustRun(host, ["mv", "--no-target-directory", "--", from, to]);
}

/** A small command that must succeed; its own words are the refusal. */
export async function mustRun(host: Host, argv: string[], input?: Uint8Array): Promise<string> {
  const result = await host.run(argv, { env: { LC_ALL: "C.UTF-8" }, timeoutMs: 600_000, ...(input ? { input } : {}) });
  if (result.code === 0) return new TextDecoder().decode(result.stdout);
  throw new AppError(
    "refused",
    `${argv[0]} failed: ${new TextDecoder().decode(result.stderr).trim() || result.signal}`,
  );
}
