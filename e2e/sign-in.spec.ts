import { expect, test } from "./support/journey";

test("signed out every page leads to the sign-in page, and the API answers 401", async ({ page, program }) => {
  for (const where of ["/", "/settings", "/sessions/nobody", "/repositories/nothing", "/usage"]) {
    await page.goto(`${program.url}${where}`);
    await expect(page).toHaveURL(`${program.url}/sign-in`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  }
  expect((await page.request.get(`${program.url}/api/sessions`)).status()).toBe(401);
});

test("a link signs in once: its token leaves the address, and the second use says so", async ({
  page,
  program,
  browser,
  complaints,
}) => {
  const link = await program.signInLink();
  await page.goto(link);
  await expect(page).toHaveURL(`${program.url}/`);

  const other = await browser.newContext();
  await complaints.watch(other);
  const late = await other.newPage();
  complaints.allow(/status of 401/);
  await late.goto(link);
  await expect(late.getByText(/was used/)).toBeVisible();
  await expect(late.getByText("npm run sign-in", { exact: true })).toBeVisible();
  expect(late.url()).toBe(`${program.url}/sign-in`);
  await other.close();
});
