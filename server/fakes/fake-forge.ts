import { z } from "zod";
import { AppError } from "../domain/app-error";
import type { PullFacts } from "../domain/pull";
import type { ForgeClient, ListQuestion, PullList, ReviewComment } from "../pulls/forge-client";
import { sampleFacts } from "./sample-pull";

const movedHint = z.object({
  number: z.int().nullable(),
  sha: z.string().nullable(),
  branch: z.string().nullable(),
});
type Change = Parameters<typeof sampleFacts>[1];

const own = "team/app";

/** One repository of a forge in memory, `team/app`, and what a test does there as others would. */
export class FakeForge {
  readonly pulls = new Map<number, PullFacts>();
  readonly comments = new Map<number, ReviewComment[]>();
  /** Of other repositories, by their address: they are read, and refuse all else. */
  readonly elsewhere = new Map<string, PullFacts>();
  /** While set, every request is rejected with it. */
  trouble: AppError | null = null;
  /** While set, looks at the repository are rejected with it: the forge answers all else. */
  lookTrouble: AppError | null = null;
  /** While set, every merge is refused with it. */
  mergeTrouble: AppError | null = null;
  requests = 0;
  looks: ListQuestion[] = [];
  /** Rights that its token lacks. */
  missing: string[] = [];
  webhooks: { url: string; secret: string }[] = [];
  #nextNumber = 1;

  constructor(private readonly now: () => Date) {}

  open(branch: string, change: Change = {}): number {
    const number = this.#nextNumber++;
    const at = this.now();
    const sha = change.head?.sha ?? `${branch}@1`;
    const own = { createdAt: at, updatedAt: at, ...change, head: { ...change.head, branch, sha } };
    this.pulls.set(number, sampleFacts(number, own));
    return number;
  }

  /** Anything that moves the forge's own time of the pull request. */
  change(number: number, change: Partial<PullFacts>): void {
    const known = this.pulls.get(number);
    if (!known) throw new Error(`there is no #${number}`);
    this.pulls.set(number, { ...known, updatedAt: this.now(), ...change });
  }

  check(number: number, state: "passing" | "failing" | "pending", name = "build"): void {
    const { head } = this.#facts(own, number);
    const checks = [{ name, state, url: null, runId: null }];
    this.change(number, { checks: { known: true, sha: head.sha, checks, requiredMissing: [] } });
  }

  review(number: number, state: "approved" | "changes-requested", name = "eve"): void {
    const reviewers = [{ name, state, stale: false }];
    this.change(number, { review: { known: true, reviewers, unresolvedThreads: 0, approvalsMissing: 0 } });
  }

  merge(number: number): void {
    const at = this.now();
    this.change(number, { state: "merged", mergedAt: at, mergeSha: `merge-${number}` });
  }

  client(): ForgeClient {
    const counted = <T>(work: () => T): Promise<T> => {
      this.requests += 1;
      return this.trouble ? Promise.reject(this.trouble) : Promise.resolve().then(work);
    };
    const done = (path: string, number: number, change: Partial<PullFacts>) =>
      counted(() => {
        this.#own(path, number);
        this.change(number, change);
        return structuredClone(this.#own(path, number));
      });
    return {
      check: () => counted(() => ({ login: "ada", name: "Ada", missing: [...this.missing] })),
      repository: (path) => counted(() => ({ path, defaultBranch: "main", cloneUrls: [] })),
      listPulls: (_, question) =>
        counted(() => {
          if (this.lookTrouble) throw this.lookTrouble;
          return this.#list(question);
        }),
      readPull: (path, number) => counted(() => structuredClone(this.#facts(path, number))),
      parsePullUrl(url) {
        const [, path, number] = /^https:\/\/forge\.test\/([^/]+\/[^/]+)\/pulls\/(\d+)/.exec(url) ?? [];
        return path && number ? { path, number: Number(number) } : null;
      },
      openPull: (path, { title, base, head, draft }) =>
        counted(() => structuredClone(this.#own(path, this.open(head, { title, draft, base: { branch: base } })))),
      merge: (path, number, { headSha }) =>
        counted(() => {
          if (this.mergeTrouble) throw this.mergeTrouble;
          if (this.#own(path, number).head.sha !== headSha) throw new AppError("conflict", "the head moved");
          this.merge(number);
          return structuredClone(this.#own(path, number));
        }),
      retarget: (path, number, branch) => done(path, number, { base: { branch, sha: null } }),
      update: (path, number) =>
        done(path, number, { head: { ...this.#own(path, number).head, sha: `updated-${number}` } }),
      requestReview: (path, number, names) => {
        const reviewers = names.map((name) => ({ name, state: "pending" as const, stale: false }));
        return done(path, number, { review: { known: true, reviewers, unresolvedThreads: 0, approvalsMissing: 0 } });
      },
      failingLogs: (_, failing) =>
        counted(() => failing.map(({ name, url }) => ({ check: name, url, text: `${name} broke` }))),
      comments: (path, number) => counted(() => structuredClone(path === own ? (this.comments.get(number) ?? []) : [])),
      ensureWebhook: (_, hook) => counted(() => void this.webhooks.push(hook)),
      readWebhook: ({ headers, body }, secret) =>
        headers["x-signature"] === secret
          ? { repository: "team/app", ...movedHint.parse(JSON.parse(Buffer.from(body).toString())) }
          : null,
      budget: () => ({ requests: this.requests, remaining: null, resetsAt: null }),
    };
  }

  #facts(path: string, number: number): PullFacts {
    const facts =
      path === own ? this.pulls.get(number) : this.elsewhere.get(`https://forge.test/${path}/pulls/${number}`);
    if (!facts) throw new AppError("not-found", `there is no ${path}#${number}`);
    return facts;
  }

  #own(path: string, number: number): PullFacts {
    if (path !== own) throw new AppError("refused", `not in ${path}`);
    return this.#facts(path, number);
  }

  #list(question: ListQuestion): PullList {
    this.looks.push(question);
    const { cursor, full, pending } = question;
    const asked = new Set(pending.map(({ number }) => number));
    const all = [...this.pulls.values()];
    const moved = all.filter(
      ({ number, state, updatedAt }) =>
        asked.has(number) || (cursor !== null && updatedAt >= new Date(cursor)) || (full && state === "open"),
    );
    const open = full ? all.filter(({ state }) => state === "open").map(({ number }) => number) : null;
    return { pulls: structuredClone(moved), open, cursor: this.now().toISOString() };
  }
}
