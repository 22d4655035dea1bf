import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/journey";
import { Screen } from "./support/screen";
import { openSession } from "./support/session";

/** Counts until it is told to stop. */
const count = 'i=0; until [ -e stop ]; do i=$((i+1)); echo "count $i of it"; sleep 0.02; done; echo end-$((1+1))';

/** The last number in sight. */
async function lastCount(screen: Screen): Promise<number> {
  const numbers = (await screen.lines()).map((line) => /^count (\d+) of it$/.exec(line)?.[1]);
  return Number(numbers.findLast((number) => number !== undefined) ?? 0);
}

/** Every number of the terminal's whole output, in order. */
async function countsInLog(page: Page, where: string): Promise<number[]> {
  const log = await (await page.request.get(where)).text();
  return [...log.matchAll(/^count (\d+) of it\r?$/gm)].map(([, number]) => Number(number));
}

test("[I3] kill -9 of the server while output runs: the page says so, resumes by itself and nothing is lost", async ({
  open,
  program,
  remote,
  complaints,
}) => {
  complaints.allow(/ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run(count);
  await expect.poll(() => lastCount(screen)).toBeGreaterThan(20);

  await program.kill();
  await expect(screen.strip).toContainText("No answer from the server");
  await expect(screen.strip.getByRole("button", { name: "Try now" })).toBeVisible();
  await expect(page.getByText(/Trying again: attempt/)).toBeVisible();
  const atKill = await lastCount(screen);
  const heard = await screen.hearsStrip();
  await program.start();

  await expect.poll(heard).toContain("Resumed, nothing lost.");
  await screen.driving();
  await expect(page.getByText(/Trying again: attempt/)).toHaveCount(0);
  await expect.poll(() => lastCount(screen)).toBeGreaterThan(atKill + 20);

  await test.step("what is in sight has no hole", async () => {
    const numbers = (await screen.lines()).flatMap((line) => /^count (\d+) of it$/.exec(line)?.[1] ?? []).map(Number);
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
  });

  writeFileSync(path.join(session.worktreePath ?? "", "stop"), "");
  await screen.shows("end-2");
  await screen.run("echo typed-$((2+3))");
  await screen.shows("typed-5");
  const terminal = session.terminals[0]?.id ?? "";
  const numbers = await countsInLog(page, `/api/sessions/${session.id}/terminals/${terminal}/log`);
  expect(numbers.length).toBeGreaterThan(atKill + 20);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));

  await test.step("the screen holds all of it: the first number is one search away", async () => {
    await page.keyboard.press("Control+Shift+F");
    await page.getByRole("textbox", { name: "Search in the terminal" }).fill("count 1 of it");
    await screen.shows("count 1 of it");
  });
});

test("what was typed while the server was away is typed once when it is back", async ({
  open,
  program,
  remote,
  complaints,
}) => {
  complaints.allow(/ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  const session = await openSession(program, remote);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run("echo ready-$((1+1))");
  await screen.shows("ready-2");
  await program.kill();
  await expect(screen.strip).toContainText("No answer from the server");
  await screen.run("echo away-$((4+5)) >> typed; wc -l < typed; echo done-$((6+7))");
  await expect(screen.strip).toContainText(/bytes of input held here/);
  await program.start();
  // Over ten seconds away it asks first: then the person sends it.
  const send = screen.strip.getByRole("button", { name: "Send" });
  await expect(screen.rows.getByText("done-13").or(send)).toBeVisible();
  if (await send.isVisible()) await send.click();
  await screen.shows("done-13");
  const lines = await screen.lines();
  expect(lines[lines.indexOf("done-13") - 1]).toBe("1");
});
