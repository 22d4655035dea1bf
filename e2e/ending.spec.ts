import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import type { SessionView } from "../server/protocol/api";
import { type GitRepository, git, makeGitRepository } from "./support/git-repository";
import { expect, test as journey } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession, untilRuns } from "./support/session";

const test = journey.extend<{ remote: GitRepository }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  remote: async ({}, use) => {
    const remote = makeGitRepository({ "README.md": "# Ledger\n", ".gitignore": "*.cache\n" });
    await use(remote);
    remote.remove();
  },
});

function worktreeOf(session: SessionView): string {
  if (session.worktreePath === null) throw new Error("the session has no worktree yet");
  return session.worktreePath;
}

/** One of each kind of work that no remote has. */
function leaveWork(session: SessionView): void {
  const worktree = worktreeOf(session);
  const write = (name: string, text: string) => writeFileSync(path.join(worktree, name), text);
  write("stashed.txt", "for later\n");
  git(worktree, "add", "stashed.txt");
  git(worktree, "stash", "push", "-m", "half an idea");
  write("sums.txt", "1 + 1 = 2\n");
  git(worktree, "add", "sums.txt");
  git(worktree, "commit", "-q", "-m", "Sums that add up");
  write("README.md", "# Ledger, changed\n");
  write("notes.txt", "not added yet\n");
  write("build.cache", "x".repeat(5000));
}

async function openEndDialog(page: Page) {
  await page.getByRole("button", { name: "End Session" }).first().click();
  const dialog = page.getByRole("dialog", { name: "End this session?" });
  const lost = dialog.getByRole("list", { name: "What ending would lose" });
  await expect(lost).toBeVisible();
  return { dialog, lost };
}

const hasEnded = (page: Page) => expect(page.getByRole("heading", { name: "This session has ended" })).toBeVisible();
const kept = (page: Page, name: string) => page.getByRole("region", { name });

test("[I8] the dialog lists all that would be lost; a rescue is its first choice, is listed, and is restored", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  leaveWork(session);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run("sleep 4343");
  await untilRuns(program, session.id, "sleep 4343");

  const { dialog, lost } = await openEndDialog(page);
  await expect(lost).toContainText("1 commit on no remote");
  await expect(lost).toContainText("Sums that add up");
  await expect(lost).toContainText("1 changed, 1 untracked");
  await expect(lost).toContainText("README.md");
  await expect(lost).toContainText("notes.txt");
  await expect(lost).toContainText("ignored");
  await expect(lost).toContainText("build.cache");
  await expect(lost).toContainText("1 stash, stays");
  await expect(lost).toContainText("half an idea");
  await expect(lost).toContainText("1 program stops");
  await expect(lost).toContainText("sleep 4343");
  await expect(dialog.getByRole("radio", { name: "Keep a rescue" })).toBeChecked();
  await dialog.getByRole("button", { name: "Keep a rescue and end" }).click();
  await hasEnded(page);
  for (const part of ["head", "worktree"])
    await expect(
      kept(page, "Rescue refs").getByRole("button", { name: `Copy refs/trellis/rescue/${session.shortId}/${part}` }),
    ).toBeVisible();
  expect(remote.git("branch", "--list", session.branch)).toBe("");

  await test.step("the repository lists what was rescued, and restores it into a new session", async () => {
    await page.goto(`/repositories/${session.repositoryId}`);
    await page.getByRole("tab", { name: "Rescued" }).click();
    await expect(kept(page, "Rescued").getByText(session.shortId, { exact: true })).toBeVisible();
    await page.getByRole("button", { name: `Restore ${session.title}` }).click();
    const form = page.getByRole("dialog", { name: "Restore into a new session" });
    await form.getByRole("textbox", { name: "Title" }).fill("Ledger, again");
    await form.getByRole("button", { name: "Restore" }).click();
    await expect(page.getByRole("heading", { name: "Ledger, again" })).toBeVisible();
    const restored = await new Screen(page).driving();
    await restored.run("git log --format=%s | head -n 1; cat README.md notes.txt sums.txt; git status --short");
    await restored.shows("Sums that add up");
    await restored.shows("# Ledger, changed");
    await restored.shows("not added yet");
    await restored.shows("1 + 1 = 2");
    await restored.shows("M README.md");
    await restored.shows("?? notes.txt");
  });
});

test("push and end: the commits are on the remote, what was not committed is rescued", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  leaveWork(session);
  const head = git(worktreeOf(session), "rev-parse", "HEAD");
  const page = await open(`/sessions/${session.id}`);
  const { dialog } = await openEndDialog(page);
  await dialog.getByRole("radio", { name: "Push", exact: true }).click();
  await dialog.getByRole("button", { name: "Push and end" }).click();
  await hasEnded(page);
  expect(remote.git("rev-parse", session.branch)).toBe(head);
  await expect(kept(page, "Pushed branches").getByRole("button", { name: `Copy ${session.branch}` })).toBeVisible();
  await expect(
    kept(page, "Rescue refs").getByRole("button", { name: `Copy refs/trellis/rescue/${session.shortId}/worktree` }),
  ).toBeVisible();
});

test("commit, push and end: every file that git does not ignore is on the remote's branch", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  leaveWork(session);
  const page = await open(`/sessions/${session.id}`);
  const { dialog } = await openEndDialog(page);
  await dialog.getByRole("radio", { name: "Commit and push" }).click();
  await dialog.getByRole("button", { name: "Commit, push and end" }).click();
  await hasEnded(page);
  expect(remote.git("show", `${session.branch}:notes.txt`)).toBe("not added yet");
  expect(remote.git("show", `${session.branch}:README.md`)).toBe("# Ledger, changed");
  expect(remote.git("ls-tree", "--name-only", session.branch)).not.toContain("build.cache");
});

test("discard keeps no refs, and its button looks like what it does", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  leaveWork(session);
  const page = await open(`/sessions/${session.id}`);
  const { dialog } = await openEndDialog(page);
  const colourOf = (name: string) =>
    dialog.getByRole("button", { name }).evaluate((element) => getComputedStyle(element).backgroundColor);
  const safe = await colourOf("Keep a rescue and end");
  await dialog.getByRole("radio", { name: "Discard" }).click();
  // It takes its new colour over some frames.
  await expect.poll(() => colourOf("Discard and end")).not.toBe(safe);
  await dialog.getByRole("button", { name: "Discard and end" }).click();
  await hasEnded(page);
  await expect(kept(page, "Rescue refs")).toContainText("None");
  expect(existsSync(worktreeOf(session))).toBe(false);
  expect(remote.git("branch", "--list", session.branch)).toBe("");
});

test("a refused push leaves the session active, with the remote's own words and the work in place", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  leaveWork(session);
  const hook = path.join(remote.url, "hooks", "pre-receive");
  writeFileSync(hook, "#!/bin/sh\necho no pushes on Fridays >&2\nexit 1\n");
  chmodSync(hook, 0o755);
  const page = await open(`/sessions/${session.id}`);
  const { dialog } = await openEndDialog(page);
  await dialog.getByRole("radio", { name: "Push", exact: true }).click();
  await dialog.getByRole("button", { name: "Push and end" }).click();
  const strip = page.getByRole("status").filter({ hasText: "It was not ended, and goes on." });
  await expect(strip).toContainText("no pushes on Fridays");
  expect(readFileSync(path.join(worktreeOf(session), "notes.txt"), "utf8")).toBe("not added yet\n");
  // Its programs were stopped, as the dialog said: a new shell is one click.
  const screen = new Screen(page);
  await screen.strip.getByRole("button", { name: "Start again" }).click();
  await expect(screen.strip).toHaveCount(0);
  await screen.driving();
  await screen.run("echo goes-$((1+1))");
  await screen.shows("goes-2");

  await page.goto("/");
  const needs = page.getByRole("region", { name: "Needs you" });
  await expect(needs.getByText("no pushes on Fridays")).toBeVisible();
  await needs.getByRole("link", { name: "End Session…" }).click();
  await page.getByRole("button", { name: "Keep a rescue and end" }).click();
  await hasEnded(page);
});

test("more work since the look: the dialog asks again and marks what is new", async ({
  open,
  program,
  remote,
  complaints,
}) => {
  complaints.allow(/status of 409/);
  const session = await openSession(program, remote);
  leaveWork(session);
  const page = await open(`/sessions/${session.id}`);
  const { dialog, lost } = await openEndDialog(page);
  await dialog.getByRole("radio", { name: "Discard" }).click();
  writeFileSync(path.join(worktreeOf(session), "late.txt"), "written after the look\n");
  await dialog.getByRole("button", { name: "Discard and end" }).click();
  await expect(lost.getByText("late.txt")).toBeVisible();
  await expect(lost.getByText("new", { exact: true })).toHaveCount(1);
  await expect(dialog.getByText(/more would be lost/i)).toBeVisible();
  await expect(dialog.getByRole("radio", { name: "Discard" })).toBeChecked();
  expect(existsSync(path.join(worktreeOf(session), "late.txt"))).toBe(true);
  await dialog.getByRole("button", { name: "Discard and end" }).click();
  await hasEnded(page);
});
