import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../domain/session";
import { createEndingWorld, type EndingWorld, git, tryGit } from "../ending/testing/ending-world";
import { commitsSince } from "./commits-since";
import { made } from "./made";

let world: EndingWorld;
let session: Session;
let path: string;
let colleague: string;
beforeEach(async () => {
  world = await createEndingWorld();
  ({ session, path } = await world.addSession("aaaaaaaa"));
  colleague = join(world.root, "colleague");
  await git(world.root, "clone", "--quiet", world.remote, colleague);
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

async function commitIn(at: string, name: string): Promise<string> {
  await writeFile(join(at, name), `${name}\n`);
  await git(at, "add", "--", name);
  await git(at, "commit", "--quiet", "-m", name);
  return head(at);
}
const commit = (name: string) => commitIn(path, name);
const head = (at = path) => git(at, "rev-parse", "HEAD");

/** A branch of the colleague's, pushed. */
async function theirs(branch: string, ...names: string[]): Promise<string> {
  await git(colleague, "checkout", "--quiet", "-B", branch, "origin/main");
  for (const name of names) await commitIn(colleague, name);
  await git(colleague, "push", "--quiet", "--force", "origin", branch);
  await git(world.clone, "fetch", "--quiet");
  return head(colleague);
}

/** What the last commands made. */
async function newly(work: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(await made(world.deps, session.id));
  await work();
  return ((await made(world.deps, session.id)) ?? []).filter((sha) => !before.has(sha));
}

describe("made in the worktree", () => {
  it("are commits, amended, merged, picked, reverted and applied ones", async () => {
    expect(await newly(() => commit("a"))).toEqual([await head()]);
    expect(await newly(() => git(path, "commit", "--quiet", "--amend", "-m", "again"))).toEqual([await head()]);
    await theirs("theirs", "b", "c");
    expect(await newly(() => git(path, "merge", "--quiet", "--no-edit", "origin/theirs"))).toEqual([await head()]);
    expect(await newly(() => git(path, "revert", "--no-edit", "HEAD^1"))).toEqual([await head()]);
    await theirs("other", "d", "e");
    expect(await newly(() => git(path, "cherry-pick", "origin/other~1"))).toEqual([await head()]);
    await git(path, "format-patch", "--quiet", "-1", "origin/other", "-o", join(world.root, "patches"));
    expect(await newly(() => git(path, "am", "--quiet", join(world.root, "patches/0001-e.patch")))).toEqual([
      await head(),
    ]);
  });

  it("is a merge and a pick that stopped and were gone on with", async () => {
    await commit("same");
    await theirs("theirs", "same");
    await git(colleague, "commit", "--quiet", "--amend", "-m", "same, in other words");
    await writeFile(join(colleague, "same"), "theirs\n");
    await git(colleague, "commit", "--quiet", "-a", "--amend", "--no-edit");
    await git(colleague, "push", "--quiet", "--force", "origin", "theirs");
    await git(world.clone, "fetch", "--quiet");
    for (const begin of [
      ["merge", "--no-edit", "origin/theirs"],
      ["cherry-pick", "origin/theirs"],
    ]) {
      await git(path, "reset", "--quiet", "--hard", "HEAD");
      expect(await tryGit(path, ...begin)).toContain("Error");
      await writeFile(join(path, "same"), `both by ${begin[0]}\n`);
      await git(path, "add", "same");
      expect(await newly(() => git(path, "commit", "--quiet", "--no-edit"))).toEqual([await head()]);
      await git(path, "reset", "--quiet", "--hard", "HEAD~1");
    }
  });

  it.each([
    ["merge", "--merge"],
    ["apply", "--apply"],
  ])("are rebased ones with %s, and never what they were put on", async (_, how) => {
    await commit("a");
    await commit("b");
    const onto = await theirs("theirs", "c");
    const shas = await newly(() => git(path, "rebase", "--quiet", how, "origin/theirs"));
    expect(shas).toEqual([await head(), await git(path, "rev-parse", "HEAD~1")]);
    expect(shas).not.toContain(onto);
  });

  it("are those of an interactive rebase: reworded, squashed, edited; not those that it only went over", async () => {
    const [first, second] = [await commit("a"), await commit("b")];
    await commit("c");
    await commit("d");
    const todo = "1s/pick/edit/;2s/pick/reword/;3s/pick/squash/;4s/pick/fixup/";
    const editors = ["-c", `sequence.editor=sed -i '${todo}'`, "-c", "core.editor=true"];
    const shas = await newly(async () => {
      await git(path, ...editors, "rebase", "--quiet", "-i", "origin/main");
      await git(path, "commit", "--quiet", "--amend", "-m", "a, edited");
      await git(path, "-c", "core.editor=true", "rebase", "--continue");
    });
    expect(shas[0]).toBe(await head());
    expect(shas).not.toContain(first);
    expect(shas).not.toContain(second);
    expect(await git(path, "log", "--format=%s", "origin/main..")).toBe("b\na, edited");
  });

  it("are pulls that merged or rebased, and no pull that only went forward", async () => {
    await theirs("theirs", "a");
    expect(await newly(() => git(path, "pull", "--quiet", "--ff-only", "origin", "theirs"))).toEqual([]);
    await commit("own");
    await theirs("more", "b");
    expect(await newly(() => git(path, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "more"))).toEqual([
      await head(),
    ]);
    await theirs("most", "c");
    const shas = await newly(() => git(path, "pull", "--quiet", "--rebase", "origin", "most"));
    expect(shas[0]).toBe(await head());
    expect(shas).not.toContain(await git(path, "rev-parse", "origin/most"));
  });

  it("is nothing of a colleague's that was checked out, pulled, merged forward, reset to or picked as it is", async () => {
    const first = await theirs("theirs", "a", "b");
    expect(
      await newly(async () => {
        await git(path, "checkout", "--quiet", "-b", "theirs", "origin/theirs");
        await git(path, "checkout", "--quiet", session.branch);
        await git(path, "merge", "--quiet", "--ff-only", "theirs");
        await git(path, "reset", "--quiet", "--hard", "origin/main");
        await git(path, "reset", "--quiet", "--hard", first);
        await git(path, "reset", "--quiet", "--hard", "origin/main");
        await git(path, "cherry-pick", "--ff", "origin/theirs~1");
        await git(path, "rebase", "--quiet", "origin/theirs");
        await git(path, "checkout", "--quiet", "theirs");
      }),
    ).toEqual([]);
    const second = await theirs("theirs", "a", "b", "c");
    expect(second).not.toBe(first);
    expect(await newly(() => git(path, "reset", "--quiet", "--hard", "@{u}"))).toEqual([]);
    expect(await newly(() => commit("on top of theirs"))).toEqual([await head()]);
  });

  it("is unknown while the host is away, and it is not woken", async () => {
    await commit("a");
    world.host.setState({ kind: "suspended", since: new Date() });
    expect(await made(world.deps, session.id)).toBeNull();
    expect(await commitsSince(world.deps, session.id)).toBeNull();
    expect(world.host.asked).toEqual([]);
  });

  it("stays known of a worktree that was set aside", async () => {
    const shas = [await commit("b"), await commit("a")].reverse();
    await world.ask(session.id, "rescue");
    expect((await world.settle(session.id)).endedAt).not.toBeNull();
    expect(await made(world.deps, session.id)).toEqual(shas);
  });
});

describe("what a branch adds to its base", () => {
  it("are its commits, oldest first, without merges and without what the base has by now", async () => {
    await commit("a");
    await theirs("main", "b");
    await git(path, "merge", "--quiet", "--no-edit", "origin/main");
    await writeFile(join(path, "c"), "c\n");
    await git(path, "add", "c");
    await git(path, "commit", "--quiet", "-m", "c, größer", "-m", "First line.\n\nSecond part.");
    expect(await commitsSince(world.deps, session.id)).toEqual([
      { sha: await git(path, "rev-parse", "HEAD~2"), subject: "a", body: "" },
      { sha: await head(), subject: "c, größer", body: "First line.\n\nSecond part." },
    ]);
  });

  it("is counted from a parent that only the clone has, for a child", async () => {
    await commit("a");
    await git(path, "checkout", "--quiet", "-b", `${session.branch}-child`);
    await commit("b");
    const child = { branch: `${session.branch}-child`, base: session.branch };
    expect((await commitsSince(world.deps, session.id, child))?.map(({ subject }) => subject)).toEqual(["b"]);
    expect(await commitsSince(world.deps, session.id, { branch: "nowhere" })).toEqual([]);
  });
});
