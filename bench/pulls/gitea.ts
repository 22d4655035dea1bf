import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { callGitea } from "../../e2e/support/call-gitea";
import { limited } from "../../server/kit/limited";
import { openCounter } from "./counter";
import { branchesOf, type ForgeSide, repositories } from "./forge-side";

export type GiteaAccount = { url: string; login: string; token: string };
type Listed = { number: number; mergeable: boolean; updated_at: string; head: { ref: string; sha: string } };

const limitMs = 120_000;
/** What a look reads twice. */
const overlapMs = 60_000;

/** What the environment names; null where it names none. */
export function giteaAccount({ FORGE_URL, FORGE_USER, FORGE_TOKEN }: NodeJS.ProcessEnv): GiteaAccount | null {
  return FORGE_URL && FORGE_USER && FORGE_TOKEN ? { url: FORGE_URL, login: FORGE_USER, token: FORGE_TOKEN } : null;
}

/** Repositories of this run's own on a real Gitea, removed after it. Given once what a look reads twice is past. */
export async function openGitea(account: GiteaAccount): Promise<ForgeSide> {
  const counter = await openCounter(account.url);
  const made = Array.from({ length: repositories }, (_, at) => new Repository(account, branchesOf(at)));
  let counted = 0;
  const close = async () => {
    for (const repository of made) await repository.remove();
    await counter.close();
  };
  const slots = limited(4);
  const filled = await Promise.allSettled(made.map((repository) => slots(() => repository.fill())));
  const failed = filled.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") {
    await close();
    throw failed.reason;
  }
  await sleep(overlapMs + 1_100);
  return {
    ...{ name: "Gitea", kind: "forgejo", token: account.token, close },
    places: made.map(({ path }) => ({ url: counter.url, path })),
    now: () => new Date(),
    async move() {
      // Its times are whole seconds.
      await sleep(1_100);
      await Promise.all(made.map((repository) => repository.move()));
    },
    requests() {
      const since = counter.requests() - counted;
      counted = counter.requests();
      return since;
    },
  };
}

class Repository {
  readonly name = `bench-${randomBytes(4).toString("hex")}`;
  readonly path: string;

  constructor(
    private readonly account: GiteaAccount,
    private readonly branches: string[],
  ) {
    this.path = `${account.login}/${this.name}`;
  }

  async fill(): Promise<void> {
    await this.#api("POST", "/user/repos", { name: this.name, default_branch: "main" });
    await this.#push();
    await this.#until(async () => {
      const known = await this.#api<unknown[] | null>("GET", `/repos/${this.path}/branches?limit=50`);
      return known !== null && known.length > this.branches.length;
    });
    for (const head of this.branches)
      await this.#api("POST", `/repos/${this.path}/pulls`, { title: head, base: "main", head });
    for (const { head } of await this.#settled(new Map())) await this.#check(head.sha);
  }

  async move(): Promise<void> {
    const [branch = ""] = this.branches;
    const content = Buffer.from("more\n").toString("base64");
    const wanted = { content, message: "More", branch };
    const { commit } = await this.#api<{ commit: { sha: string } }>(
      "POST",
      `/repos/${this.path}/contents/more.txt`,
      wanted,
    );
    await this.#settled(new Map([[branch, commit.sha]]));
    await this.#check(commit.sha);
  }

  async remove(): Promise<void> {
    const removed = this.#api("DELETE", `/repos/${this.path}`);
    await removed.catch((error: unknown) => console.error(`${this.path} was not removed`, error));
  }

  #check(sha: string): Promise<unknown> {
    return this.#api("POST", `/repos/${this.path}/statuses/${sha}`, { context: "build", state: "success" });
  }

  /** All are there, at these heads, and tried whether they merge. */
  async #settled(heads: ReadonlyMap<string, string>): Promise<Listed[]> {
    let listed: Listed[] = [];
    await this.#until(async () => {
      listed = await this.#api<Listed[]>("GET", `/repos/${this.path}/pulls?state=open&limit=50`);
      const isThere = ({ mergeable, head }: Listed) => mergeable && (heads.get(head.ref) ?? head.sha) === head.sha;
      return listed.length === this.branches.length && listed.every(isThere);
    });
    return listed;
  }

  /** The forge works in the background after each change. */
  async #until(isDone: () => Promise<boolean>): Promise<void> {
    for (const until = Date.now() + limitMs; Date.now() < until; await sleep(250)) if (await isDone()) return;
    throw new Error(`the forge did not come to rest over ${this.path}`);
  }

  /** All branches at once, each a file more than main. */
  async #push(): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), "trellis-bench-"));
    const git = (...args: string[]) => {
      const running = execFile("git", args, { cwd: directory });
      const done = new Promise<void>((resolve, reject) =>
        running.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`git ${args[0]}: ${code}`)))),
      );
      return { running, done };
    };
    try {
      await git("init", "--quiet", "--bare").done;
      const reading = git("fast-import", "--quiet");
      reading.running.stdin?.end(history(this.branches));
      await reading.done;
      const remote = new URL(`${this.account.url}/${this.path}.git`);
      const { login, token } = this.account;
      const header = `http.extraHeader=Authorization: Basic ${Buffer.from(`${login}:${token}`).toString("base64")}`;
      await git("-c", header, "push", "--quiet", remote.href, "--all").done;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  #api<T = unknown>(method: string, where: string, body?: unknown): Promise<T> {
    return callGitea<T>(this.account, { method, where, body });
  }
}

/** For `git fast-import`. */
function history(branches: string[]): string {
  const commit = (ref: string, from: string, file: string) =>
    [
      `commit refs/heads/${ref}`,
      "committer Ada <ada@example.com> 1767323045 +0000",
      "data 5\nWork\n",
      from && `from ${from}`,
      `M 100644 inline ${file}\ndata 5\nwork\n`,
    ]
      .filter((line) => line !== "")
      .join("\n");
  const below = branches.map((branch) => commit(branch, "refs/heads/main", `${branch.replaceAll("/", "-")}.txt`));
  return `${[commit("main", "", "README.md"), ...below].join("\n")}\n`;
}
