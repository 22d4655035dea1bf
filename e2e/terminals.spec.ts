import { expect, test } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession } from "./support/session";

test("a reload shows the screen as it was, and search reaches the first of 3,000 lines", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run('for i in $(seq 3000); do echo "line $i of it"; done; echo all-$((1+1))');
  await screen.shows("all-2");
  await screen.prompts();
  const before = await screen.lines();

  await page.reload();
  await screen.driving();
  await expect.poll(() => screen.lines()).toEqual(before);
  await screen.focus();
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("textbox", { name: "Search in the terminal" }).fill("line 1 of it");
  await screen.shows("line 1 of it");
  await expect(screen.pane.getByRole("search").getByRole("status")).toHaveText("1 of 1");
  await page.keyboard.press("Escape");
  await expect(screen.pane.getByRole("search")).toHaveCount(0);
  await screen.run("echo still-$((2+2))");
  await screen.shows("still-4");
});

test("search reaches output that the viewer no longer scrolls to", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run('seq -f "row %.0f of many" 12000; echo all-$((1+1))');
  await screen.shows("all-2");
  await page.keyboard.press("Control+Shift+F");
  const search = screen.pane.getByRole("search");
  await search.getByRole("textbox").fill("row 7 of many");
  await search.getByRole("button", { name: "All output" }).click();
  await expect(search.getByRole("listitem")).toHaveText(["row 7 of many"]);
  await expect(search.getByText("1 line in all output.")).toBeVisible();
});

test("a reload shows the terminal that was chosen last", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  const second = await program.api<{ id: string }>("POST", `/api/sessions/${session.id}/terminals`, {
    title: "second",
  });
  const page = await open(`/sessions/${session.id}`);
  await new Screen(page).driving();
  const tab = page.locator(`#terminal-tab-${second.id}`);
  await tab.click();
  await expect(tab).toHaveAttribute("aria-selected", "true");
  await page.reload();
  await expect(tab).toHaveAttribute("aria-selected", "true");
});

test("a program on the alternate screen survives a reload, and leaves the lines that were there before it", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  // As a pager does it: not every machine has one.
  await screen.run(
    "echo before-$((1+1)); printf '\\e[?1049h\\e[H'; seq -f 'row %g' 500; read -rn1; printf '\\e[?1049l'",
  );
  // All of it: the cursor stands below the last line.
  await expect.poll(async () => (await screen.lines()).slice(-2)).toEqual(["row 500", ""]);
  const before = await screen.lines();

  await page.reload();
  await screen.driving();
  await expect.poll(() => screen.lines()).toEqual(before);
  await screen.type("q");
  await screen.shows("before-2");
  await screen.showsNot("row 500");
});

test("two browsers: one drives, the other views and takes over with one click; sizes follow the driver", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const wide = await open(`/sessions/${session.id}`, { viewport: { width: 1280, height: 800 } });
  const driver = await new Screen(wide).driving();
  const narrow = await open(`/sessions/${session.id}`, { viewport: { width: 1000, height: 600 } });
  const viewer = new Screen(narrow);
  await expect(viewer.foot).toContainText("You view, another window drives");
  await expect(driver.foot).toContainText("1 more views");
  await expect.poll(async () => (await viewer.size()) === (await driver.size())).toBe(true);

  await driver.run("echo first-$((1+1)); stty size");
  for (const screen of [driver, viewer]) await screen.shows("first-2");
  const [columns, rows] = (await driver.size()).split(" × ");
  for (const screen of [driver, viewer]) await screen.shows(`${rows} ${columns}`);

  await test.step("keys of one who views are not typed", async () => {
    await viewer.run("echo intruder");
    await driver.run("echo second-$((2+2))");
    for (const screen of [driver, viewer]) await screen.shows("second-4");
    await driver.showsNot("intruder");
    await expect(viewer.strip.getByRole("button", { name: "Take over" })).toBeVisible();
  });

  await viewer.foot.getByRole("button", { name: "Take over" }).click();
  await viewer.driving();
  await expect(driver.foot).toContainText("You view, another window drives");
  await expect.poll(() => viewer.size()).not.toBe(`${columns} × ${rows}`);
  await viewer.run("while :; do clear; stty size; sleep 0.2; done");
  const programsSize = async (screen: Screen) => {
    const [height, width] = (await screen.lines())[0]?.split(" ") ?? [];
    return `${width} × ${height}`;
  };
  for (const screen of [driver, viewer]) {
    await expect.poll(async () => (await programsSize(screen)) === (await screen.size())).toBe(true);
    await expect.poll(async () => (await driver.size()) === (await viewer.size())).toBe(true);
  }
});

test("who leaves the page for another and comes back drives at once, and finds the screen as it was", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run("echo left-$((1+1))");
  await screen.shows("left-2");
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.goBack();
  await screen.driving();
  await screen.shows("left-2");
});

test("a program that ended says with what, on its tab and on the overview, and starts again with one click", async ({
  open,
  program,
  remote,
}) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run("echo kept-$((1+1)); exit 3");
  await expect(page.getByRole("tab", { name: /exit 3/ })).toBeVisible();
  await expect(screen.strip).toContainText("exit 3");
  await screen.shows("kept-2");

  const overview = await open("/");
  const needs = overview.getByRole("region", { name: "Needs you" });
  await expect(needs.getByText(/: exit 3$/)).toBeVisible();

  await screen.strip.getByRole("button", { name: "Start again" }).click();
  await screen.showsNot("kept-2");
  await screen.driving();
  await screen.run("echo again-$((2+2))");
  await screen.shows("again-4");
  await expect(page.getByRole("tab", { name: /exit 3/ })).toHaveCount(0);
  await expect(needs.getByText(/: exit 3$/)).toHaveCount(0);
});

test("a link in the output opens only where it is http or https", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  await page.evaluate(() => {
    const opened: string[] = [];
    Object.assign(window, { opened });
    window.open = (url) => {
      opened.push(String(url));
      return null;
    };
  });
  const opened = () => page.evaluate(() => (window as unknown as { opened: string[] }).opened);
  const screen = await new Screen(page).driving();
  const rowOf = (text: string) => screen.rows.locator("> div").filter({ hasText: new RegExp(`^${text}\\s*$`) });
  const link = (uri: string, text: string) => `\\e]8;;${uri}\\e\\\\${text}\\e]8;;\\e\\\\`;
  await screen.run(`clear; printf '${link("javascript:alert(1)", "EVIL")}\\n${link("file:///etc/passwd", "FILE")}\\n'`);
  // What is typed while a program prints is echoed into its lines.
  await expect(rowOf("FILE")).toBeVisible();
  await screen.run(`printf '${link("https://example.test/good", "GOOD")}\\nhttp://example.test/plain\\n'`);
  await expect(rowOf("http://example.test/plain")).toBeVisible();
  for (const text of ["EVIL", "FILE", "GOOD", "http://example.test/plain"]) {
    const box = await rowOf(text).boundingBox();
    if (!box) throw new Error(`${text} is not in sight`);
    // Links are found where the pointer is: it has to move onto them before it clicks.
    await page.mouse.move(box.x + 4, box.y + box.height / 2);
    await page.mouse.move(box.x + 10, box.y + box.height / 2);
    await page.mouse.click(box.x + 10, box.y + box.height / 2);
  }
  await expect.poll(opened).toEqual(["https://example.test/good", "http://example.test/plain"]);
});

test("a file dropped into the terminal is uploaded and its path typed", async ({ open, program, remote }) => {
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.type("cat ");
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped-words\n"], "it's a note.txt", { type: "text/plain" }));
    return transfer;
  });
  await screen.pane.locator(".terminal-screen").dispatchEvent("drop", { dataTransfer: files });
  await screen.shows(/note\.txt/);
  await page.keyboard.press("Enter");
  await screen.shows("dropped-words");
});
