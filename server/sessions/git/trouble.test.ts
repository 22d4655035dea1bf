import { describe, expect, it } from "vitest";
import { failureOf } from "../reconcile/failure-of";
import { cloneProgress } from "./clone-progress";
import { GitError } from "./git";
import { lastWords } from "./last-words";
import { troubleIn } from "./trouble";

describe("git's words", () => {
  it.each([
    ["fatal: Unable to create '/c/.git/index.lock': File exists.", "lock"],
    ["error: cannot lock ref 'refs/remotes/origin/main': is at 1a2b3c but expected 4d5e6f", "lock"],
    ["error: could not lock config file .git/config: File exists", "lock"],
    ["fatal: Unable to create '/c/.git/index.lock': Permission denied", "denied"],
    ["fatal: unable to access 'https://x/': Could not resolve host: x", "network"],
    ["ssh: connect to host x port 22: Connection refused\nfatal: Could not read from remote repository.", "network"],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 503", "network"],
    ["error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly", "network"],
    ["git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.", "denied"],
    ["fatal: could not read Username for 'https://x': terminal prompts disabled", "denied"],
    ["fatal: Authentication failed for 'https://x/'", "denied"],
    ["remote: Repository not found.\nfatal: repository 'https://x/a/b/' not found", "missing"],
    ["fatal: '/etc' does not appear to be a git repository", "missing"],
    ["error: unable to write file big: No space left on device", "disk-full"],
    ["fatal: cannot update ref 'refs/heads/x': couldn't write '/a/.git/refs/heads/x.lock'", "disk-full"],
    ["fatal: something new", "other"],
  ])("%s", (output, trouble) => {
    expect(troubleIn(output)).toBe(trouble);
  });

  it("about a full disk are lasting, with advice; about the network passing; about a lock that stays lasting", () => {
    const failed = (output: string) => failureOf(new GitError(["checkout"], 128, output));
    expect(failed("error: No space left on device")).toMatchObject({
      kind: "lasting",
      reason: expect.stringMatching(/disk of this host is full.*No space left/),
    });
    expect(failed("fatal: Could not resolve host: x").kind).toBe("passing");
    expect(failed("fatal: Unable to create '/c/index.lock': File exists.").kind).toBe("lasting");
  });

  it("are told without the progress before them", () => {
    const output =
      "Cloning into 'x'...\nReceiving objects:  10% (1/10)\rReceiving objects:  20% (2/10)\nfatal: early EOF\n";
    expect(lastWords(output)).toBe("fatal: early EOF");
  });
});

describe("the progress of a clone", () => {
  it.each([
    ["remote: Counting objects: 100% (8/8), done.\n", { percent: 2, detail: "Counting objects: 100% (8/8)" }],
    ["Receiving objects:  50% (4/8), 1.20 MiB | 2.40 MiB/s\r", { percent: 45 }],
    ["Receiving objects:  10% (1/10)\rReceiving objects:  20% (2/10)\r", { percent: 21 }],
    ["Resolving deltas: 100% (3/3), done.\n", { percent: 100 }],
    ["Cloning into '/x'...\n", null],
    ["remote: Enumerating objects: 8, done.\n", null],
    ["a repository named objects: 50% (x", null],
  ])("is read from %j", (text, progress) => {
    if (progress === null) expect(cloneProgress(text)).toBeNull();
    else expect(cloneProgress(text)).toMatchObject(progress);
  });
});
