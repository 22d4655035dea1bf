import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { callGitea } from "./call-gitea";

const { FORGE_URL, FORGE_USER, FORGE_TOKEN, FORGE_REVIEWER, FORGE_REVIEWER_TOKEN, FORGE_PASSWORD, TRELLIS_TEST_USED } =
  process.env;

/** Why there is none, for tests that are skipped; null where the environment names a forge. */
export const noForge =
  FORGE_URL && FORGE_USER && FORGE_TOKEN && FORGE_REVIEWER && FORGE_REVIEWER_TOKEN
    ? null
    : "FORGE_URL and its accounts are not set";

type Hook = { id: number; events: string[]; config: { url: string } };
type Who = "owner" | "reviewer";
export type OpenedThere = { number: number; html_url: string; head: { sha: string } };

/** A repository of this test's own on the real forge that the environment names, as others see and change it. */
export class ForgeRepository {
  readonly url = FORGE_URL ?? "";
  readonly token = FORGE_TOKEN ?? "";
  readonly reviewer = FORGE_REVIEWER ?? "";
  readonly password = FORGE_PASSWORD ?? null;

  private constructor(public name: string) {}

  get path(): string {
    return `${FORGE_USER}/${this.name}`;
  }

  static async create(): Promise<ForgeRepository> {
    if (TRELLIS_TEST_USED) appendFileSync(TRELLIS_TEST_USED, "forge\n");
    const repository = new ForgeRepository(`work-${randomBytes(4).toString("hex")}`);
    const { name, path: at, reviewer } = repository;
    await repository.api("owner", "POST", "/user/repos", { name, auto_init: true, default_branch: "main" });
    await repository.api("owner", "PUT", `/repos/${at}/collaborators/${reviewer}`, { permission: "write" });
    return repository;
  }

  /** With the token inside, as a person pastes it. */
  get cloneUrl(): string {
    const url = new URL(`${this.url}/${this.path}.git`);
    [url.username, url.password] = [FORGE_USER ?? "", this.token];
    return url.href;
  }

  api<T = unknown>(who: Who, method: string, where: string, body?: unknown): Promise<T> {
    const token = who === "owner" ? this.token : (FORGE_REVIEWER_TOKEN ?? "");
    return callGitea<T>({ url: this.url, token }, { method, where, body });
  }

  /** Opened by somebody in the forge's own way. */
  open(head: string, base: string, { title = `About ${head}`, by = "owner" as Who } = {}): Promise<OpenedThere> {
    return this.api<OpenedThere>(by, "POST", `/repos/${this.path}/pulls`, { title, head, base });
  }

  /** The reviewer's fork, with a commit of its own on a branch that it has. */
  async forkWith(branch: string): Promise<{ path: string; remove(): Promise<unknown> }> {
    const name = `${this.name}-fork`;
    const { full_name } = await this.api<{ full_name: string }>("reviewer", "POST", `/repos/${this.path}/forks`, {
      name,
    });
    const content = Buffer.from("From afar.").toString("base64");
    const change = { content, message: "From afar", branch };
    await this.api("reviewer", "POST", `/repos/${full_name}/contents/afar.txt`, change);
    return { path: full_name, remove: () => this.api("reviewer", "DELETE", `/repos/${full_name}`) };
  }

  /** Merged by somebody in the forge's own way; resolves when it is. */
  async merge(number: number, { squash = false, deleteBranch = false } = {}): Promise<void> {
    const body = { do: squash ? "squash" : "merge", delete_branch_after_merge: deleteBranch };
    const merging = () => this.api("owner", "POST", `/repos/${this.path}/pulls/${number}/merge`, body);
    // It tests a merge in the background after each change, and until then asks to try again.
    for (const until = Date.now() + 90_000; ; ) {
      const refusal = await merging().then(
        () => null,
        (error: unknown) => error,
      );
      if (refusal === null) return;
      if (Date.now() > until || !/405/.test(String(refusal))) throw refusal;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Its webhooks deliver to another origin from now on, with the secrets that they have. */
  async moveHooks(origin: string): Promise<void> {
    const at = `/repos/${this.path}/hooks`;
    for (const { id, events, config } of await this.api<Hook[]>("owner", "GET", at)) {
      const url = `${origin}${new URL(config.url).pathname}`;
      // Without its events Gitea leaves it pushes alone.
      await this.api("owner", "PATCH", `${at}/${id}`, { config: { url, content_type: "json" }, events, active: true });
    }
  }

  status(sha: string, context: string, state: "pending" | "success" | "failure"): Promise<unknown> {
    return this.api("owner", "POST", `/repos/${this.path}/statuses/${sha}`, { context, state });
  }

  review(number: number, event: "APPROVED" | "REQUEST_CHANGES", body: string): Promise<unknown> {
    return this.api("reviewer", "POST", `/repos/${this.path}/pulls/${number}/reviews`, { event, body });
  }

  /** A commit by somebody else on a branch, pushed; the forge knows it when this resolves. */
  async push(branch: string, from: string): Promise<string> {
    const directory = mkdtempSync(path.join(os.tmpdir(), "trellis-push-"));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Eve", "-c", "user.email=eve@trellis.test", ...args], {
        cwd: directory,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    try {
      git("clone", "--quiet", this.cloneUrl, ".");
      git("checkout", "--quiet", "-B", branch, `origin/${from}`);
      writeFileSync(path.join(directory, `${branch.replaceAll("/", "-")}.txt`), `${branch}\n`);
      git("add", "--all");
      git("commit", "--quiet", "-m", `Work on ${branch}`);
      git("push", "--quiet", "origin", branch);
      const sha = git("rev-parse", "HEAD");
      await this.knows(branch, sha);
      return sha;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** A queue of the forge's stands between a push and its API. */
  async knows(branch: string, sha: string | null = null): Promise<string> {
    for (const until = Date.now() + 90_000; ; ) {
      const at = `/repos/${this.path}/branches/${encodeURIComponent(branch)}`;
      const seen = await this.api<{ commit: { id: string } }>("owner", "GET", at).catch(() => null);
      if (seen && (sha === null || seen.commit.id === sha)) return seen.commit.id;
      if (Date.now() > until) throw new Error(`the forge does not know ${branch}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Its owner calls it by another name from now on; gives its new path. */
  async rename(): Promise<string> {
    const name = `${this.name}-renamed`;
    await this.api("owner", "PATCH", `/repos/${this.path}`, { name });
    this.name = name;
    return this.path;
  }

  /** One more token of the owner's, which can be taken back. */
  async temporaryToken(): Promise<{ token: string; revoke(): Promise<void> }> {
    const name = `passing-${randomBytes(4).toString("hex")}`;
    const basic = Buffer.from(`${FORGE_USER}:${this.password}`).toString("base64");
    const asked = async (method: string, where: string, body?: object) => {
      const response = await fetch(`${this.url}/api/v1/users/${FORGE_USER}/tokens${where}`, {
        method,
        headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} tokens: ${response.status}`);
      return response.text();
    };
    const made = await asked("POST", "", { name, scopes: ["write:repository", "read:user"] });
    const { sha1 } = JSON.parse(made) as { sha1: string };
    return { token: sha1, revoke: async () => void (await asked("DELETE", `/${name}`)) };
  }

  remove(): Promise<unknown> {
    return this.api("owner", "DELETE", `/repos/${this.path}`);
  }
}
