import { makeGatedRemote } from "./support/gated-remote";
import { expect, test } from "./support/journey";
import { Program } from "./support/program";
import { Screen } from "./support/screen";
import { untilRuns } from "./support/session";
import { terminalTabs } from "./support/terminal-tabs";

test("from the printed link to a shell in a worktree: repository, clone, New Session, two terminals", async ({
  page,
}) => {
  const program = await Program.create();
  const remote = await makeGatedRemote();
  try {
    await page.goto(program.link);
    await expect(page.getByRole("heading", { name: "Add a repository" })).toBeVisible();
    const address = page.getByRole("textbox", { name: "Clone URL or path" });
    await expect(address).toBeFocused();
    await address.fill(remote.url);
    await page.keyboard.press("Enter");

    await test.step("the clone shows how far it is", async () => {
      await expect(page).toHaveURL(/\/repositories\//);
      await expect(page.getByText(/^Cloning, \d+ %$/).first()).toBeVisible();
      await expect(page.getByRole("progressbar", { name: "Clone" }).first()).toBeVisible();
    });

    await test.step("a session may be asked for now, shows its steps, and waits for the clone", async () => {
      await page.goto(program.url);
      await page.getByRole("button", { name: "New Session in ledger" }).click();
      await expect(page).toHaveURL(/\/sessions\//);
      const steps = page.getByRole("list", { name: "Steps" });
      await expect(steps.getByRole("listitem").first()).toBeVisible();
      await expect(steps.getByRole("img", { name: "Running" })).toBeVisible();
      remote.letThrough();
    });

    const screen = await new Screen(page).driving();
    await screen.run("echo hi-$((40+2)); git status | head -n 1");
    await screen.shows("hi-42");
    await screen.shows(/On branch session\/[a-z0-9-]+\/[a-z0-9]{8}/);

    await test.step("a second terminal is a shell of its own", async () => {
      await page.getByRole("button", { name: "New terminal" }).click();
      const tabs = terminalTabs(page);
      await expect(tabs).toHaveCount(2);
      await expect(tabs.nth(1)).toHaveAttribute("aria-selected", "true");
      await screen.driving();
      await screen.showsNot("hi-42");
      await screen.run("echo second-$((1+1))");
      await screen.shows("second-2");
    });

    await test.step("a program titles its tab; a person's title wins; emptied, the program's shows again", async () => {
      await screen.run("PS1='$ '; printf '\\e]2;my title\\a'");
      await expect(page.getByRole("tab", { name: "my title" })).toBeVisible();
      await page.getByRole("button", { name: "Actions of terminal my title" }).click();
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await page.getByRole("textbox", { name: "Terminal title" }).fill("build");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("tab", { name: "build" })).toBeVisible();
      await screen.run("printf '\\e]2;other\\a'; echo sent-$((1+2))");
      await screen.shows("sent-3");
      await expect(page.getByRole("tab", { name: "build" })).toBeVisible();
      await page.getByRole("tab", { name: "build" }).dblclick();
      await page.getByRole("textbox", { name: "Terminal title" }).fill("");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("tab", { name: "other" })).toBeVisible();
    });

    await test.step("closing names the program that would stop", async () => {
      await screen.run("sleep 4242");
      await untilRuns(program, page.url().split("/").at(-1) ?? "", "sleep 4242");
      await page.getByRole("button", { name: "Actions of terminal other" }).click();
      await page.getByRole("menuitem", { name: "Close terminal" }).click();
      const dialog = page.getByRole("dialog", { name: "Close other?" });
      await expect(dialog.getByText("sleep 4242")).toBeVisible();
      await dialog.getByRole("button", { name: "Stop and close" }).click();
      await expect(terminalTabs(page)).toHaveCount(1);
      await screen.shows("hi-42");
    });
  } finally {
    await page.close();
    await program.destroy();
    remote.close();
    remote.remove();
  }
});
