import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const identity = { GIT_AUTHOR_NAME: "Ana", GIT_AUTHOR_EMAIL: "ana@example.test" };
const committer = { GIT_COMMITTER_NAME: "Ana", GIT_COMMITTER_EMAIL: "ana@example.test" };
const env = { ...process.env, ...identity, ...committer, GIT_CONFIG_GLOBAL: "/dev/null" };

/** Git as Ana, with none of this machine's settings. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, env, encoding: "utf8" }).trimEnd();
}

export type GitRepository = {
  /** A bare repository that can be cloned and pushed to by this path. */
  url: string;
  git(...args: string[]): string;
  remove(): void;
};

/** A bare remote with one commit on `main`, as a forge would have it. */
export function makeGitRepository(files: Record<string, string> = { "README.md": "# Ledger\n" }): GitRepository {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trellis-remote-"));
  const url = path.join(folder, "ledger.git");
  const work = path.join(folder, "work");
  git(folder, "init", "-q", "--bare", "-b", "main", url);
  git(folder, "init", "-q", "-b", "main", work);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
    writeFileSync(path.join(work, file), content);
  }
  git(work, "add", "-A");
  git(work, "commit", "-q", "-m", "First commit");
  git(work, "push", "-q", url, "main");
  return {
    url,
    git: (...args) => git(url, ...args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
