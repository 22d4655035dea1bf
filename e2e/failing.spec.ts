import type { Page } from "@playwright/test";
import type { RepositoryView } from "../server/protocol/api";
import { git } from "./support/git-repository";
import { expect, test } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession } from "./support/session";

test("a base branch that is not there is told as the reason, and Retry goes on once it is", async ({
  open,
  program,
  remote,
}) => {
  await program.api("POST", "/api/repositories", { cloneUrl: remote.url, name: "without-branch" });
  const page = await open("/");
  await page
    .getByRole("main")
    .getByRole("button", { name: /^New Session( N)?$/ })
    .click();
  const form = page.getByRole("dialog", { name: "New Session" });
  await form.getByRole("combobox", { name: "Repository" }).click();
  await page.getByRole("option", { name: "without-branch" }).click();
  await form.getByRole("textbox", { name: "Title" }).fill("On a branch to come");
  await form.getByRole("textbox", { name: "Base" }).fill("release/9");
  await form.getByRole("button", { name: "New Session" }).click();

  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("img", { name: "Failed" })).toBeVisible();
  await expect(steps).toContainText("release/9");
  const overview = await open("/");
  const needs = overview.getByRole("region", { name: "Needs you" });
  await expect(needs.getByText(/On a branch to come · .*release\/9/)).toBeVisible();

  git(remote.url, "branch", "release/9", "main");
  await page.getByRole("button", { name: "Retry from here" }).click();
  await (await new Screen(page).driving()).run("git log --oneline | wc -l");
  await expect(needs.getByText(/On a branch to come/)).toHaveCount(0);
});

test("a setup script that fails shows its output; the session goes on without it", async ({
  open,
  program,
  remote,
}) => {
  const { id } = await program.api<RepositoryView>("POST", "/api/repositories", {
    cloneUrl: remote.url,
    name: "with-setup",
  });
  const page = await open(`/repositories/${id}`);
  await page.getByRole("tab", { name: "Settings" }).click();
  await page
    .getByRole("textbox", { name: "Setup script" })
    .fill("echo looking for a compiler\necho none found >&2\nexit 7");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: false })).toBeVisible();
  await page
    .getByRole("button", { name: /^New Session/ })
    .first()
    .click();

  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("img", { name: "Failed" })).toBeVisible();
  await expect(steps).toContainText("looking for a compiler");
  await expect(steps).toContainText("none found");
  await expect(steps).toContainText("7");
  await page.getByRole("button", { name: "Go on without it" }).click();
  const screen = await new Screen(page).driving();
  await screen.run("echo works-$((1+1))");
  await screen.shows("works-2");
});

/** The script that draws terminals is broken off while the answer is yes, as by a network that changes. */
async function breakTerminalScript(page: Page, breaks: () => boolean): Promise<void> {
  await page.route(/\/_next\/static\/chunks\//, async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes("xterm-rows") && breaks()) await route.abort("internetdisconnected");
    else await route.fulfill({ response });
  });
}

test("the script of the terminal that broke off is fetched again by itself; where it never comes, that is said", async ({
  open,
  program,
  remote,
  complaints,
}) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  const session = await openSession(program, remote);
  const page = await open("/");
  let broken = 0;
  await breakTerminalScript(page, () => ++broken <= 3);
  await page.goto(`/sessions/${session.id}`);
  await (await new Screen(page).driving()).run("echo here-$((1+1))");
  await new Screen(page).shows("here-2");
  expect(broken).toBeGreaterThan(3);

  const away = await open("/");
  let isAway = true;
  await breakTerminalScript(away, () => isAway);
  await away.goto(`/sessions/${session.id}`);
  await expect(away.getByText("terminals could not be loaded")).toBeVisible();
  isAway = false;
  await away.getByRole("button", { name: "Reload the page" }).click();
  await new Screen(away).shows("here-2");
});

test("a page whose scripts do not come says so inside its frame, and a reload brings it", async ({
  open,
  complaints,
}) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED|Failed to load chunk|An error occurred/);
  const page = await open("/");
  await page.route(/\/_next\/static\/chunks\//, (route) => route.abort("internetdisconnected"));
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await expect(page.getByText("This page could not be shown.")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Navigation" })).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Reload the page" }).click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});
