import type { ForgeClient } from "../../pulls/forge-client";

export type Said = { path: string; line: number; body: string };

/** A forge, real or stood in for, with a repository that has a branch `main`; and what others do there. */
export type ContractForge = {
  path: string;
  /** Whose token the client has, and one more who may write. */
  owner: string;
  reviewer: string;
  client(options?: { fetch?: typeof fetch; limitMs?: number }): ForgeClient;
  /** A commit of its own on a branch, off another. */
  push(branch: string, from?: string): Promise<string>;
  /** The same, on a branch that cannot be merged into main without a hand. */
  pushConflicting(branch: string): Promise<string>;
  setCheck(sha: string, name: string, state: "pending" | "passing" | "failing" | "neutral"): Promise<void>;
  review(number: number, word: "approve" | "request-changes" | "comment", comments?: Said[]): Promise<void>;
  /** Whether it knows one word of a reviewer from another. */
  hasWordIds: boolean;
  close(number: number): Promise<void>;
  /** Opened from a fork that was deleted after; gives its number. */
  openFromGoneFork(): Promise<number>;
  /** As many as the forge can be asked to make. */
  many: { checks: number; comments: number };
};
