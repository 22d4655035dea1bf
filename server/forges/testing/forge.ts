import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, vi } from "vitest";

const run = promisify(execFile);

export type Account = { login: string; token: string };

/** A repository of its own on a real Gitea, a clone of it, and two accounts that may write to it. */
export type ForgeGround = {
  url: string;
  owner: Account;
  reviewer: Account;
  /** The owner's, for what the API cannot do; null where it is not told. */
  password: string | null;
  /** `owner/name`. */
  path: string;
  git(...args: string[]): Promise<string>;
  /** A commit on a branch of that name, off another, pushed; gives its sha once the forge knows it. */
  push(branch: string, from: string, change?: { file?: string; text?: string }): Promise<string>;
  /** Straight at the API, as somebody else would. */
  api<T = unknown>(account: Account, method: string, where: string, body?: unknown): Promise<T>;
};

/** Skipped, with the reason, where the environment names no forge. */
export function describeForge(name: string, body: (ground: () => ForgeGround) => void): void {
  const { FORGE_URL, FORGE_USER, FORGE_TOKEN, FORGE_REVIEWER, FORGE_REVIEWER_TOKEN, TRELLIS_TEST_USED } = process.env;
  if (!FORGE_URL || !FORGE_USER || !FORGE_TOKEN || !FORGE_REVIEWER || !FORGE_REVIEWER_TOKEN) {
    describe.skip(`${name} (skipped: FORGE_URL and its accounts are not set)`, () => body(() => undefined as never));
    return;
  }
  if (TRELLIS_TEST_USED) appendFileSync(TRELLIS_TEST_USED, "forge\n");
  describe(name, () => {
    let ground: ForgeGround & { close(): Promise<void> };
    beforeAll(async () => {
      const accounts = {
        owner: { login: FORGE_USER, token: FORGE_TOKEN },
        reviewer: { login: FORGE_REVIEWER, token: FORGE_REVIEWER_TOKEN },
      };
      ground = await openGround(FORGE_URL, accounts);
    });
    afterAll(() => ground.close());
    body(() => ground);
  });
}

async function openGround(url: string, { owner, reviewer }: { owner: Account; reviewer: Account }) {
  const name = `app-${randomBytes(4).toString("hex")}`;
  const path = `${owner.login}/${name}`;
  const password = process.env["FORGE_PASSWORD"] ?? null;
  const directory = await mkdtemp(join(tmpdir(), "trellis-forge-"));
  const api: ForgeGround["api"] = async (account, method, where, body) => {
    const response = await fetch(`${url}/api/v1${where}`, {
      method,
      headers: { authorization: `token ${account.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const git = async (...args: string[]) => {
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@trellis.test"];
    const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
    return (await run("git", [...who, ...args], { cwd: directory, env })).stdout.trim();
  };
  await api(owner, "POST", "/user/repos", { name, auto_init: true, default_branch: "main" });
  await api(owner, "PUT", `/repos/${path}/collaborators/${reviewer.login}`, { permission: "write" });
  const remote = new URL(`${url}/${path}.git`);
  [remote.username, remote.password] = [owner.login, owner.token];
  await git("clone", "--quiet", remote.href, ".");
  return {
    ...{ url, owner, reviewer, password, path, git, api },
    async push(branch: string, from: string, { file = `${branch.replaceAll("/", "-")}.txt`, text = branch } = {}) {
      await git("checkout", "--quiet", "-B", branch, from);
      await run("sh", ["-c", 'mkdir -p "$(dirname "$2")" && printf "%s\\n" "$1" > "$2"', "write", text, file], {
        cwd: directory,
      });
      await git("add", "--", file);
      await git("commit", "--quiet", "-m", `Change ${file}`);
      await git("push", "--quiet", "--force", "origin", branch);
      const sha = await git("rev-parse", "HEAD");
      // A queue of the forge's stands between a push and its API.
      await vi.waitFor(async () => {
        const seen = await api<{ commit: { id: string } }>(
          owner,
          "GET",
          `/repos/${path}/branches/${encodeURIComponent(branch)}`,
        );
        if (seen.commit.id !== sha) throw new Error("the forge does not know the push yet");
      });
      return sha;
    },
    async close() {
      await api(owner, "DELETE", `/repos/${path}`).catch(() => {}); // it may be deleted by the test
      await rm(directory, { recursive: true, force: true });
    },
  };
}
