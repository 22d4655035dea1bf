import { expect, test } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession, untilRuns } from "./support/session";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test("on a phone the key bar gives the keys that its keyboard lacks", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`, phone);
  const screen = await new Screen(page).driving();
  const keys = screen.pane.getByRole("toolbar", { name: "Terminal keys" });
  await expect(keys).toBeVisible();
  await screen.run("echo asleep-$((1+1)); sleep 5000; echo not-stopped-$((1+1))");
  await screen.shows("asleep-2");
  await untilRuns(program, session.id, "sleep 5000");
  await keys.getByRole("button", { name: "Control" }).tap();
  await expect(keys.getByRole("button", { name: "Control" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.type("c");
  await screen.shows("^C");
  await expect(keys.getByRole("button", { name: "Control" })).toHaveAttribute("aria-pressed", "false");
  await screen.run("echo free-$((2+2))");
  await screen.shows("free-4");
  await screen.showsNot("not-stopped-2");

  await screen.run("clear");
  await screen.showsNot("free-4");
  for (let times = 0; times < 2; times++) await keys.getByRole("button", { name: "Up" }).tap();
  await page.keyboard.press("Enter");
  await screen.shows("free-4");
});

test("no page scrolls sideways on a phone, and the session's pane is one tap from its terminal", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open("/", phone);
  // Against the device's width: a page that is too wide would be zoomed out, and its window with it.
  const widest = () =>
    page.evaluate(() => {
      const main = document.querySelector("main");
      return Math.max(document.documentElement.scrollWidth, main?.scrollWidth ?? 0);
    });
  const places = ["/", `/sessions/${session.id}`, `/repositories/${session.repositoryId}`, "/settings", "/usage"];
  for (const where of places) {
    await page.goto(where);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByText(/^Loading/)).toHaveCount(0);
    expect(await widest(), where).toBeLessThanOrEqual(phone.viewport.width);
  }
  await page.goto(`/sessions/${session.id}`);
  await new Screen(page).driving();
  await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: "Session" }).tap();
  await page.getByRole("button", { name: "End Session" }).tap();
  const dialog = page.getByRole("dialog", { name: "End this session?" });
  await expect(dialog.getByRole("list", { name: "What ending would lose" })).toBeVisible();
  expect(await widest()).toBeLessThanOrEqual(phone.viewport.width);
});
