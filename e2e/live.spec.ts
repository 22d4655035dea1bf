import type { SessionView, TerminalView } from "../server/protocol/api";
import { expect, test } from "./support/journey";
import { openSession, waitForPhase } from "./support/session";
import { terminalTabs } from "./support/terminal-tabs";

test("what others do is seen without a reload, in every tab", async ({ open, program, remote }) => {
  const first = await openSession(program, remote);
  const overview = await open("/");
  const other = await overview.context().newPage();
  await other.goto(`/repositories/${first.repositoryId}`);
  await expect(overview.getByRole("heading", { name: "Overview" })).toBeVisible();

  const made = await program.api<SessionView>("POST", "/api/sessions", {
    repositoryId: first.repositoryId,
    title: "Made by a script",
  });
  const rowIn = (tab: typeof overview, name: string) => tab.getByRole("main").getByRole("link", { name });
  for (const tab of [overview, other]) await expect(rowIn(tab, "Made by a script")).toBeVisible();
  await waitForPhase(program, made.id, "active");

  await program.api("PATCH", `/api/sessions/${made.id}`, { title: "Renamed by a script" });
  for (const tab of [overview, other]) await expect(rowIn(tab, "Renamed by a script")).toBeVisible();

  await rowIn(other, "Renamed by a script").click();
  await expect(terminalTabs(other)).toHaveCount(1);
  await program.api<TerminalView>("POST", `/api/sessions/${made.id}/terminals`, { title: "watcher" });
  await expect(other.getByRole("tab", { name: "watcher" })).toBeVisible();

  await program.api("POST", `/api/sessions/${made.id}/end`, { keep: "rescue" });
  await expect(other.getByRole("heading", { name: "This session has ended" })).toBeVisible();
  await expect(rowIn(overview, "Renamed by a script")).toHaveCount(0);
});

test("every page, in light and in dark, is without a complaint of the browser", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await open("/", { colorScheme });
    const repository = `/repositories/${session.repositoryId}`;
    for (const where of ["/", repository, `/sessions/${session.id}`, "/settings", "/usage", "/api/docs"]) {
      await page.goto(where);
      await expect(page.getByRole("heading").first()).toBeVisible();
    }
    await page.goto(repository);
    for (const tab of ["Ended", "Rescued", "Settings"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("tab", { name: tab, selected: true })).toBeVisible();
    }
  }
});
