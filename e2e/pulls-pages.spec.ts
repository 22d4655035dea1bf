import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import type { SessionView } from "../server/protocol/api";
import type { OpenPullView } from "../server/protocol/pulls";
import { ForgeRepository, noForge } from "./support/forge";
import { git } from "./support/git-repository";
import { expect, test } from "./support/journey";
import { addForge, newSession, readSession } from "./support/pull-journey";
import { eventually, waitForPhase } from "./support/session";

test.skip(noForge !== null, noForge ?? "");

let forge: ForgeRepository;
test.beforeEach(async () => {
  forge = await ForgeRepository.create();
});
test.afterEach(() => forge.remove());

/** What a person does in a terminal of the session. */
function workIn({ worktreePath }: SessionView) {
  const worktree = worktreePath ?? "";
  return {
    git: (...args: string[]) => git(worktree, ...args),
    commit(name: string, body: string) {
      writeFileSync(path.join(worktree, `${name}.txt`), `${name}\n`);
      git(worktree, "add", "--all");
      git(worktree, "commit", "-q", "-m", name, ...(body === "" ? [] : ["-m", body]));
    },
    async push(branch: string) {
      git(worktree, "-c", `remote.origin.pushurl=${forge.cloneUrl}`, "push", "-q", "origin", branch);
      await forge.knows(branch);
    },
  };
}

async function openDialog(page: Page) {
  await page.getByRole("button", { name: "Open", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "Open a pull request" });
  await expect(dialog).toBeVisible();
  return {
    dialog,
    title: dialog.getByLabel("Title"),
    description: dialog.getByLabel("Description"),
    head: dialog.getByLabel("From the branch"),
    open: dialog.getByRole("button", { name: "Open", exact: true }),
  };
}

test("a person opens, stacks, goes on from and is warned of pull requests, all in the pages", async ({
  program,
  open,
  complaints,
}) => {
  // An address of another repository is refused.
  complaints.allow(/422 .*\/api\/sessions\)/);
  await addForge(program, forge);
  const session = await newSession(program, forge);
  await program.api("POST", `/api/repositories/${session.repositoryId}/webhook`);
  const read = () => readSession(program, session);
  const page = await open(`/sessions/${session.id}`);

  // What the commit says is filled in; nothing of it is pushed, and that is said with the command.
  const work = workIn(session);
  work.commit("First", "Because it is needed.");
  const first = await openDialog(page);
  await expect(first.title).toHaveValue("First");
  await expect(first.description).toHaveValue("Because it is needed.");
  await expect(first.dialog).toContainText(`git push origin ${session.branch}`);
  await first.title.fill("The first of two");
  await work.push(session.branch);
  await first.dialog.getByRole("button", { name: "Look again" }).click();
  await expect(first.dialog).not.toContainText("is pushed yet");
  await expect(first.title).toHaveValue("The first of two");
  await first.open.click();
  await expect(first.dialog).toBeHidden();
  const bottom = (await eventually(read, ({ prs }) => prs.length === 1)).prs[0];
  expect(bottom).toMatchObject({ title: "The first of two", baseRef: "main", attributedBy: "opened-here" });

  await expect(page.getByRole("treeitem", { name: /The first of two/ })).toBeVisible();

  // The next is its child: onto its branch, and its words say so.
  const child = `${session.branch}-more`;
  work.git("checkout", "-q", "-b", child);
  work.commit("Second", "");
  await work.push(child);
  const second = await openDialog(page);
  await second.head.fill(child);
  await second.title.focus();
  await expect(second.title).toHaveValue("Second");
  await expect(second.dialog.getByLabel("Onto")).toContainText("The first of two");
  await expect(second.description).toHaveValue(`Stands on #${bottom?.number}, which merges first.`);
  await second.open.click();
  await expect(page.getByRole("treeitem", { name: /Second/ })).toContainText("2 of 2");

  // A session that goes on with somebody else's, in its branch.
  await forge.push("eves-own", "main");
  const wanted = { title: "Hers", head: "eves-own", base: "main" };
  const hers = await forge.api<{ html_url: string }>("reviewer", "POST", `/repos/${forge.path}/pulls`, wanted);
  const known = () => program.api<{ items: OpenPullView[] }>("GET", `/api/repositories/${session.repositoryId}/prs`);
  await eventually(known, ({ items }) => items.some(({ title }) => title === "Hers"));
  await page.goto(`/repositories/${session.repositoryId}#pulls`);
  await page.getByRole("listitem").filter({ hasText: "Hers" }).getByRole("button", { name: "New Session" }).click();
  const dialog = page.getByRole("dialog", { name: "New Session" });
  await expect(dialog.getByLabel("Pull request", { exact: true }).last()).toContainText("Hers");
  await dialog.getByLabel("Pull request", { exact: true }).last().click();
  await page.getByRole("option", { name: "Another, by its address…" }).click();
  await dialog.getByLabel("Its address").fill("https://forge.example/team/app/pulls/1");
  await dialog.getByRole("button", { name: "New Session" }).click();
  await expect(dialog.getByRole("alert")).toContainText("is no pull request of");
  await dialog.getByLabel("Its address").fill(hers.html_url);
  await dialog.getByRole("button", { name: "New Session" }).click();
  await page.waitForURL(/\/sessions\//);
  await expect(page.getByRole("heading", { name: "Hers", level: 1 })).toBeVisible();
  const theirs = await waitForPhase(program, page.url().split("/").at(-1) ?? "", "active");
  expect(theirs).toMatchObject({ branch: "eves-own", prs: [{ url: hers.html_url }] });

  // The first merges; whoever would push to its branch in ending is told.
  await forge.merge(bottom?.number ?? 0, { squash: true });
  await eventually(read, ({ prs }) => prs.some(({ state }) => state === "merged"));
  work.git("checkout", "-q", session.branch);
  work.commit("Late", "");
  await page.goto(`/sessions/${session.id}#end`);
  const ending = page.getByRole("dialog", { name: "End this session?" });
  await ending.getByRole("radio", { name: "Push", exact: true }).click();
  await expect(ending).toContainText(`#${bottom?.number} from this branch is merged already`);
  await ending.getByRole("radio", { name: "Keep a rescue" }).click();
  await expect(ending).not.toContainText("is merged already");
});
