import { join } from "node:path/posix";
import { AppError } from "../domain/app-error";
import { hostRefOf } from "../domain/host";
import type { Session } from "../domain/session";
import type { SessionDeps } from "./session-deps";

const atMostBytes = 64 * 1_024 * 1_024;
const tries = 100;

/** Outside the worktree, so that a file dropped into a terminal is not one more thing to commit. Never overwrites. */
export async function uploadFile(
  deps: SessionDeps,
  session: Session,
  file: { name: string; bytes: Uint8Array },
): Promise<{ path: string }> {
  if (file.bytes.length > atMostBytes)
    throw new AppError("too-large", `A file dropped into a terminal may have at most 64 MiB.`);
  const host = deps.host(hostRefOf(session));
  const directory = join(host.paths().uploads, session.shortId);
  const made = await host.run(["mkdir", "-p", "-m", "700", "--", directory], { signal: deps.signal });
  if (made.code !== 0) throw new AppError("refused", `The file could not be kept: ${text(made.stderr)}`);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const path = join(directory, safeName(file.name, attempt));
    if ((await host.run(["test", "-e", path], { signal: deps.signal })).code === 0) continue;
    const written = await host.run(["dd", `of=${path}`, "bs=64K", "conv=excl", "status=none"], {
      input: file.bytes,
      signal: deps.signal,
      timeoutMs: 300_000,
    });
    if (written.code === 0) return { path };
    if (/File exists/.test(text(written.stderr))) continue;
    await host.run(["rm", "-f", "--", path], { signal: deps.signal });
    throw new AppError("refused", `The file could not be kept: ${text(written.stderr)}`);
  }
  throw new AppError("refused", "There are too many files of this name already. Rename it, then drop it again.");
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().slice(0, 1_000);

/** Its path is typed into a shell: letters, digits, and what no shell reads. Pure. */
export function safeName(name: string, attempt: number): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+/, "");
  const dot = clean.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [clean.slice(0, dot), clean.slice(dot).slice(0, 16)] : [clean, ""];
  const kept = Array.from(stem || "file")
    .slice(0, 50)
    .join("");
  return attempt === 0 ? `${kept}${extension}` : `${kept}-${attempt + 1}${extension}`;
}
