import { expect, test } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession } from "./support/session";
import { terminalTabs } from "./support/terminal-tabs";

test("the palette: Ctrl-K outside a terminal, Ctrl-Shift-K in one; there Ctrl-K is the program's", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open("/");
  const palette = page.getByRole("dialog", { name: "Search or run" });
  await expect(page.getByRole("main").getByRole("link", { name: session.title }).first()).toBeVisible();
  await page.keyboard.press("Control+K");
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type(session.branch);
  await expect(palette.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/sessions/${session.id}$`));

  const screen = await new Screen(page).driving();
  await screen.run("echo ready-$((1+1)); cat");
  await screen.shows("ready-2");
  await page.keyboard.press("Control+K");
  await screen.shows("^K");
  await expect(palette).toHaveCount(0);
  await page.keyboard.press("Control+Shift+K");
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("Settings");
  await expect(palette.getByRole("option", { selected: true })).toContainText("Settings");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings$/);
});

test("New Session, its terminal, leaving it and ending it without a pointer", async ({ open, program, remote }) => {
  await program.api("POST", "/api/repositories", { cloneUrl: remote.url, name: "keyboard-only" });
  const { items } = await program.api<{ items: { id: string; name: string }[] }>("GET", "/api/repositories");
  const page = await open(`/repositories/${items.find(({ name }) => name === "keyboard-only")?.id}`);
  await expect(page.getByRole("heading", { name: "keyboard-only" })).toBeVisible();
  await page.keyboard.press("n");
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
  await page.keyboard.type("Made by keys");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Made by keys" })).toBeVisible();

  const screen = await new Screen(page).driving();
  await expect(screen.pane.getByRole("textbox", { name: "Terminal input" })).toBeFocused();
  await page.keyboard.type("echo keys-$((1+1))");
  await page.keyboard.press("Enter");
  await screen.shows("keys-2");
  await page.keyboard.press("Control+Shift+Period");
  await expect(terminalTabs(page).and(page.getByRole("tab", { selected: true }))).toBeFocused();

  const palette = page.getByRole("dialog", { name: "Search or run" });
  await page.keyboard.press("Control+K");
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("End Session");
  await expect(palette.getByRole("option", { selected: true })).toContainText("End Session");
  await page.keyboard.press("Enter");
  const end = page.getByRole("button", { name: "Keep a rescue and end" });
  await expect(end).toBeEnabled();
  await end.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "This session has ended" })).toBeVisible();
});

test("the list of keys opens with ?, and Escape closes it", async ({ open }) => {
  const page = await open("/settings");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  const keys = page.getByRole("dialog", { name: "Keys" });
  await page.keyboard.press("?");
  await expect(keys.getByText("Search or run, in terminals too")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toHaveCount(0);
  // The second key is waited for a second and a half: the page's clock stands still meanwhile.
  await page.clock.setFixedTime(new Date());
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/\/$/);
});
