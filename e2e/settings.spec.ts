import { expect, test } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession } from "./support/session";

test("the theme is kept over a reload", async ({ open }) => {
  const page = await open("/settings", { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const theme = page.getByRole("radiogroup", { name: "Theme" });
  await theme.getByRole("radio", { name: "Light" }).click();
  const light = await background();
  await theme.getByRole("radio", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload({ waitUntil: "commit" });
  await expect(theme.getByRole("radio", { name: "Dark" })).toBeChecked();
  expect(await background()).toBe(dark);
  await theme.getByRole("radio", { name: "Light" }).click();
  await expect.poll(background).toBe(light);
});

test("the terminal's font size and the screen reader mode are this browser's, and reach open terminals", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  const before = await screen.size();
  const settings = await page.context().newPage();
  await settings.goto("/settings");
  await settings.getByRole("textbox", { name: "Size" }).fill("22");
  await settings.keyboard.press("Enter");
  await settings.getByRole("switch", { name: "Screen reader mode" }).click();

  await page.bringToFront();
  await expect.poll(() => screen.size()).not.toBe(before);
  await expect(screen.rows).toHaveCSS("font-size", "22px");
  await screen.run("echo spoken-$((1+1))");
  const spoken = screen.pane.getByRole("listitem").filter({ hasText: /^spoken-2/ });
  await expect(spoken).toBeVisible();
  await page.reload();
  await screen.driving();
  await expect(screen.rows).toHaveCSS("font-size", "22px");
});
