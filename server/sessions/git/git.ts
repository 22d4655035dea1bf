import { setTimeout as sleep } from "node:timers/promises";
import type { Host, RunOptions } from "../host";

export type GitOptions = Omit<RunOptions, "cwd"> & { cwd: string };

export type GitResult = { code: number | null; stdout: string; stderr: string; bytes: Uint8Array };

/** A git command that failed, with git's own words. `output` is stderr, or stdout where stderr is empty. */
export class GitError extends Error {
  constructor(
    readonly args: string[],
    readonly code: number | null,
    readonly output: string,
  ) {
    super(`git ${args[0] ?? ""} failed: ${output.trim() || `exit ${code}`}`);
    this.name = "GitError";
  }
}

/** `try` gives whatever code git ended with; `must` throws `GitError` on any but 0. */
export type Git = {
  try(args: string[], options: GitOptions): Promise<GitResult>;
  must(args: string[], options: GitOptions): Promise<GitResult>;
  /** One after another until one fails, as `must`. On a host far away the way there costs more than git: this is one. */
  mustAll(commands: string[][], options: GitOptions): Promise<GitResult>;
};

/**
 * Git reads the records of all worktrees for many commands, and dies on one that another git is just writing. It dies
 * before it does anything, so the command is given again, and those before it: what is given together can be repeated.
 */
const otherIsBeingMade = /^fatal: failed to read .*worktrees\/[^/]+\/commondir/m;
const otherMadeWaitsMs = [10, 40, 160, 640];

/**
 * Git as the host has it. No prompt ever, on a terminal or a screen: a missing password is git's own error. Only the
 * transports a person uses are allowed, so `ext::` and remote helpers cannot run commands. Locks git leaves to the
 * caller's queue. `signal` ends every command that brings none of its own.
 */
export function gitOn(host: Pick<Host, "run">, signal?: AbortSignal): Git {
  const run = async (argv: string[], options: GitOptions): Promise<GitResult> => {
    let result = await once(argv, options);
    for (const waitMs of otherMadeWaitsMs) {
      if (result.code === 0 || !otherIsBeingMade.test(result.stderr)) break;
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
      result = await once(argv, options);
    }
    return result;
  };
  const once = async (argv: string[], options: GitOptions): Promise<GitResult> => {
    const result = await host.run(argv, {
      ...(signal === undefined ? {} : { signal }),
      ...options,
      env: {
        GIT_TERMINAL_PROMPT: "0",
        GIT_ASKPASS: "",
        SSH_ASKPASS_REQUIRE: "never",
        GIT_ALLOW_PROTOCOL: "file:git:http:https:ssh",
        GIT_OPTIONAL_LOCKS: "0",
        LC_ALL: "C.UTF-8",
        ...options.env,
      },
    });
    const text = new TextDecoder();
    return {
      code: result.code,
      stdout: text.decode(result.stdout),
      stderr: text.decode(result.stderr),
      bytes: result.stdout,
    };
  };
  const must = async (argv: string[], args: string[], options: GitOptions): Promise<GitResult> => {
    const result = await run(argv, options);
    if (result.code !== 0) throw new GitError(args, result.code, result.stderr || result.stdout);
    return result;
  };
  return {
    try: (args, options) => run(["git", ...args], options),
    must: (args, options) => must(["git", ...args], args, options),
    mustAll: (commands, options) => must(inTurn(commands), [namesOf(commands)], options),
  };
}

/** The words of the commands are the shell's arguments: its script holds nothing but their numbers. */
function inTurn(commands: string[][]): string[] {
  let at = 0;
  const lines = commands.map((args) => ["git", ...args.map(() => `"\${${++at}}"`)].join(" "));
  return ["sh", "-c", lines.join(" && "), "sh", ...commands.flat()];
}

const namesOf = (commands: string[][]): string => [...new Set(commands.map(([name]) => name))].join(" and ");
