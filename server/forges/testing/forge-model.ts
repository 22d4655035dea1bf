import { randomBytes } from "node:crypto";

export type ModelCheck = {
  id: number;
  name: string;
  state: "pending" | "passing" | "failing" | "neutral";
  /** A run of the forge's own CI, or the status that another system set. */
  kind: "run" | "status";
  log: string;
};
export type ModelReview = {
  id: number;
  author: string;
  word: "approve" | "request-changes" | "comment" | "dismissed";
  body: string;
  sha: string;
  at: Date;
  /** Whether its author may push. */
  counts: boolean;
};
export type ModelThread = {
  id: number;
  path: string;
  line: number;
  resolved: boolean;
  comments: { id: number; author: string; body: string; at: Date }[];
};
export type ModelPull = {
  id: number;
  number: number;
  title: string;
  body: string;
  author: string;
  state: "open" | "closed" | "merged";
  draft: boolean;
  head: { repository: string | null; branch: string; sha: string };
  base: string;
  createdAt: Date;
  updatedAt: Date;
  mergedAt: Date | null;
  mergeSha: string | null;
  reviews: ModelReview[];
  requested: string[];
  threads: ModelThread[];
  stack: { id: number; number: number; size: number; position: number } | null;
};
export type ModelHook = { id: number; url: string; secret: string; events: string[] };

/** What a forge that cannot run here would know of one repository: the faces of GitHub and GitLab show it in their words. */
export class ForgeModel {
  path = "ada/app";
  /** Under which it was known before. */
  formerPath: string | null = null;
  readonly owner = "ada";
  readonly reviewer = "grace";
  readonly token = `token-${randomBytes(8).toString("hex")}`;
  readonly branches = new Map<string, string>();
  readonly checks = new Map<string, ModelCheck[]>();
  readonly pulls: ModelPull[] = [];
  readonly hooks: ModelHook[] = [];
  required: { checks: string[]; approvals: number } = { checks: [], approvals: 0 };
  readonly #conflicting = new Set<string>();
  #ids = 1_000;

  constructor() {
    this.branches.set("main", shaOf());
  }

  id(): number {
    this.#ids += 1;
    return this.#ids;
  }

  push(branch: string): string {
    const sha = shaOf();
    this.branches.set(branch, sha);
    for (const pull of this.pulls)
      if (pull.state === "open" && pull.head.repository === this.path && pull.head.branch === branch) {
        pull.head.sha = sha;
        this.touch(pull);
      }
    return sha;
  }

  /** It and main changed the same line. */
  pushConflicting(branch: string): string {
    this.#conflicting.add(branch);
    return this.push(branch);
  }

  setCheck(sha: string, name: string, set: Partial<Omit<ModelCheck, "id" | "name">>): ModelCheck {
    const known = this.checks.get(sha) ?? [];
    const before = known.find((check) => check.name === name);
    const check: ModelCheck = {
      ...(before ?? { id: this.id(), name, state: "pending", kind: "run", log: "" }),
      ...set,
    };
    this.checks.set(sha, before ? known.map((each) => (each === before ? check : each)) : [...known, check]);
    return check;
  }

  find(number: number): ModelPull {
    const pull = this.pulls.find((each) => each.number === number);
    if (!pull) throw new Error(`the model has no #${number}`);
    return pull;
  }

  open(
    wanted: Pick<ModelPull, "title" | "body" | "draft" | "base"> & { head: string; from?: string; by?: string },
  ): ModelPull {
    const now = second();
    const pull: ModelPull = {
      ...{ id: this.id(), number: this.pulls.length + 1, state: "open", stack: null },
      ...{
        title: wanted.title,
        body: wanted.body,
        draft: wanted.draft,
        base: wanted.base,
        author: wanted.by ?? this.owner,
      },
      head: {
        repository: wanted.from ?? this.path,
        branch: wanted.head,
        sha: wanted.from ? shaOf() : (this.branches.get(wanted.head) ?? shaOf()),
      },
      ...{ createdAt: now, updatedAt: now, mergedAt: null, mergeSha: null, reviews: [], requested: [], threads: [] },
    };
    this.pulls.push(pull);
    return pull;
  }

  review(
    number: number,
    word: ModelReview["word"],
    said: { body: string; comments: { path: string; line: number; body: string }[]; by?: string },
  ): void {
    const pull = this.find(number);
    const at = new Date();
    const { body, by: author = this.reviewer } = said;
    const counts = author === this.reviewer || author === this.owner;
    pull.reviews.push({ id: this.id(), author, word, body, sha: pull.head.sha, at, counts });
    pull.requested = pull.requested.filter((name) => name !== author);
    for (const { path, line, body } of said.comments) {
      const comments = [{ id: this.id(), author, body, at }];
      pull.threads.push({ id: this.id(), path, line, resolved: false, comments });
    }
    this.touch(pull);
  }

  isConflicting({ head }: ModelPull): boolean {
    return this.#conflicting.has(head.branch);
  }

  checksOf({ head }: ModelPull): ModelCheck[] {
    return this.checks.get(head.sha) ?? [];
  }

  /** Of each reviewer the latest that decides. */
  opinions({ reviews }: ModelPull): ModelReview[] {
    return [...new Map(reviews.filter(({ word }) => word !== "comment").map((each) => [each.author, each])).values()];
  }

  approvalsMissing(pull: ModelPull): number {
    const approvals = this.opinions(pull).filter(({ word, counts }) => word === "approve" && counts).length;
    return Math.max(0, this.required.approvals - approvals);
  }

  /** By somebody whose word counts. */
  isRefused(pull: ModelPull): boolean {
    return this.opinions(pull).some(({ word, counts }) => word === "request-changes" && counts);
  }

  checksMissing(pull: ModelPull): string[] {
    const done = this.checksOf(pull).filter(({ state }) => state === "passing" || state === "neutral");
    return this.required.checks.filter((name) => !done.some((check) => check.name === name));
  }

  /** Why the forge would refuse to merge it; null where it would not. */
  obstacle(pull: ModelPull): string | null {
    if (pull.state !== "open") return "it is over";
    if (this.isConflicting(pull)) return "it conflicts";
    if (pull.draft) return "it is a draft";
    if (this.approvalsMissing(pull) > 0 || this.checksMissing(pull).length > 0) return "something required is missing";
    return this.isRefused(pull) && this.required.approvals > 0 ? "changes are asked for" : null;
  }

  merge(pull: ModelPull): void {
    pull.state = "merged";
    pull.mergedAt = second();
    pull.mergeSha = shaOf();
    this.branches.set(pull.base, pull.mergeSha);
    this.touch(pull);
  }

  touch(pull: ModelPull): void {
    pull.updatedAt = second();
  }
}

const shaOf = (): string => randomBytes(20).toString("hex");
/** Forges tell whole seconds. */
const second = (): Date => new Date(Math.floor(Date.now() / 1_000) * 1_000);
