import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { Fact, Mergeability } from "../../domain/pull";
import { isTokenRefusal } from "../../pulls/token-refusal";
import type { ForgeHttp } from "../http";
import { mostPages, pageSize } from "./paging";
import { type Details, readChecks, readReviews } from "./read-facts";
import { readReviewList } from "./reviews";
import {
  branchShape,
  combinedShape,
  commentShape,
  protectionsShape,
  pullShape,
  type RawBranch,
  type RawComment,
  type RawPull,
} from "./shapes";

/** The forge tests a merge in the background, and says `false` until it has: only what stays so is a conflict. */
const checkingMs = 1_500;
const testedMs = 8_000;
const mostUnmergeable = 1_000;

type Parts = { http: ForgeHttp; on(path: string): string; url: string; now(): Date };

/** What the list does not tell of one pull request. A part that cannot be read is unknown by itself. */
export class DetailReader {
  readonly #rules = new Map<string, Promise<RawBranch | null>>();
  readonly #staleCounts = new Map<string, Promise<boolean | null>>();
  /** When a head was first seen that does not go onto a base. */
  readonly #unmergeable = new Map<string, Date>();

  constructor(private readonly parts: Parts) {}

  /** Rules of branches are asked for once in each look. */
  forgetRules(): void {
    this.#rules.clear();
    this.#staleCounts.clear();
  }

  /** Of one that is over nothing but its end is of interest. */
  async of(path: string, raw: RawPull): Promise<Details> {
    const over = { known: false as const, reason: "it is over" };
    if (raw.state === "closed") return { checks: over, review: over, mergeability: over };
    const branch = await this.#rulesOf(path, raw.base.ref);
    const [checks, review, mergeability] = await Promise.all([
      orUnknown(this.#checks(path, raw, branch)),
      orUnknown(this.#review(path, raw, branch)),
      orUnknown(this.#mergeability(path, raw)),
    ]);
    return { checks, review, mergeability };
  }

  async #checks(path: string, { head }: RawPull, branch: RawBranch | null): Promise<Details["checks"]> {
    const statuses = [];
    for (let page = 1; ; page += 1) {
      const at = `${this.parts.on(path)}/commits/${head.sha}/status`;
      const { json, headers } = await this.parts.http.send(at, { query: { limit: pageSize, page } });
      const some = this.parts.http.read(at, combinedShape, json).statuses ?? [];
      statuses.push(...some);
      // The `total_count` of the answer is that of its page alone.
      if (some.length === 0 || statuses.length >= Number(headers.get("x-total-count") ?? Infinity)) break;
      if (page === mostPages) return { known: false, reason: "more checks than are read" };
    }
    return readChecks(head.sha, statuses, { branch, url: this.parts.url });
  }

  async #review(path: string, raw: RawPull, branch: RawBranch | null): Promise<Details["review"]> {
    const at = `${this.parts.on(path)}/pulls/${raw.number}/reviews`;
    const reviews = await readReviewList(this.parts.http, at);
    const comments: RawComment[] = [];
    for (const { id, comments_count } of reviews)
      if (comments_count > 0)
        comments.push(...(await this.parts.http.ask(`${at}/${id}/comments`, z.array(commentShape))));
    const isStale = reviews.some(({ state, official, stale }) => state === "APPROVED" && official && stale);
    // Asked for only where it matters: most approvals are of the head.
    const staleCounts =
      branch && branch.required_approvals > 0 && isStale ? await this.#countsStale(path, branch) : true;
    return readReviews(raw, { reviews, comments, branch, staleCounts });
  }

  /** A draft is never called mergeable, whether it conflicts or not. */
  async #mergeability(path: string, raw: RawPull): Promise<Fact<Mergeability>> {
    if (raw.mergeable) return { known: true, state: "clean" };
    if (raw.draft) return { known: false, reason: "the forge does not tell it of a draft" };
    if (this.#isTested(raw)) return { known: true, state: "conflict" };
    await sleep(checkingMs);
    const again = await this.parts.http.ask(`${this.parts.on(path)}/pulls/${raw.number}`, pullShape);
    if (again.mergeable) return { known: true, state: "clean" };
    return { known: false, reason: "the forge may still be testing it" };
  }

  /** Whether the forge had the time to test it. What is dropped here is only seen as new again. */
  #isTested({ id, head, base }: RawPull): boolean {
    const key = `${id} ${head.sha} ${base.sha}`;
    const since = this.#unmergeable.get(key) ?? this.parts.now();
    this.#unmergeable.set(key, since);
    const [oldest] = this.#unmergeable.keys();
    if (this.#unmergeable.size > mostUnmergeable && oldest !== undefined) this.#unmergeable.delete(oldest);
    return this.parts.now().getTime() - since.getTime() >= testedMs;
  }

  #rulesOf(path: string, branch: string): Promise<RawBranch | null> {
    const key = `${path} ${branch}`;
    const known = this.#rules.get(key);
    if (known) return known;
    const asked = this.parts.http
      .ask(`${this.parts.on(path)}/branches/${encodeURIComponent(branch)}`, branchShape)
      .catch((error: unknown) => {
        if (AppError.is(error)) return null;
        throw error;
      });
    this.#rules.set(key, asked);
    return asked;
  }

  #countsStale(path: string, { effective_branch_protection_name: rule }: RawBranch): Promise<boolean | null> {
    const key = `${path} ${rule}`;
    const asked = this.#staleCounts.get(key) ?? this.#readRule(path, rule);
    this.#staleCounts.set(key, asked);
    return asked;
  }

  /** Null where the token may not see it. */
  async #readRule(path: string, rule: string): Promise<boolean | null> {
    if (rule === "") return null;
    try {
      const rules = await this.parts.http.ask(`${this.parts.on(path)}/branch_protections`, protectionsShape);
      const found = rules.find(({ rule_name }) => rule_name === rule);
      return found ? !found.ignore_stale_approvals : null;
    } catch (error) {
      if (!AppError.is(error) || error.code === "unavailable" || isTokenRefusal(error)) throw error;
      return null;
    }
  }
}

async function orUnknown<T>(look: Promise<T>): Promise<T | { known: false; reason: string }> {
  try {
    return await look;
  } catch (error) {
    // The whole forge is away, or takes the token no more: that is no matter of this one fact.
    if (!AppError.is(error) || error.code === "unavailable" || isTokenRefusal(error)) throw error;
    return { known: false, reason: error.message };
  }
}
