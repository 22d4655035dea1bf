import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  type Page,
} from "@playwright/test";
import { arrive, networkChanged } from "./arrive";
import { ofItsOwn } from "./call";
import { type GitRepository, makeGitRepository } from "./git-repository";
import { Program } from "./program";

export { expect } from "@playwright/test";

/** What a journey may expect the browser to complain of: a refused answer, a server that is away. */
type Complaints = {
  allow(pattern: RegExp): void;
};

type StorageState = Exclude<NonNullable<BrowserContextOptions["storageState"]>, string>;
type Journey = {
  complaints: Complaints & { watch(context: BrowserContext): Promise<void>; found: string[] };
  /** A page of a browser of its own, signed in, at a path. */
  open: (where: string, options?: BrowserContextOptions) => Promise<Page>;
  /** A remote of this test's own. */
  remote: GitRepository;
};
type Shared = { program: Program; signedIn: StorageState };

/**
 * One program for all journeys of a worker: a start costs seconds. Every page of every browser is watched: a page
 * error, an error on the console or a violation of the content security policy fails the test that saw it.
 */
export const test = base.extend<Journey, Shared>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const program = await Program.create();
      await use(program);
      await program.destroy();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  signedIn: [
    async ({ browser, program }, use) => {
      await use(await signIn(browser, program));
    },
    { scope: "worker" },
  ],
  complaints: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const found: string[] = [];
      const allowed: RegExp[] = [];
      await use({ found, allow: (pattern) => allowed.push(pattern), watch: (context) => watch(context, found) });
      const unexpected = found.filter((complaint) => ![networkChanged, ...allowed].some((all) => all.test(complaint)));
      if (unexpected.length > 0) throw new Error(`the browser complained:\n${unexpected.join("\n")}`);
    },
    { auto: true },
  ],
  context: async ({ context, complaints }, use) => {
    await complaints.watch(context);
    await use(context);
  },
  open: async ({ browser, program, signedIn, complaints }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (where, options = {}) => {
      const context = await browser.newContext({ storageState: signedIn, baseURL: program.url, ...options });
      contexts.push(context);
      await complaints.watch(context);
      const page = await context.newPage();
      await page.goto(where);
      return page;
    });
    for (const context of contexts) await context.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  remote: async ({}, use) => {
    const remote = makeGitRepository();
    await use(remote);
    remote.remove();
  },
});

/** With the token of a fresh printed link, past the browser's own network; the cookie serves all the worker's browsers. */
async function signIn(browser: Browser, program: Program): Promise<StorageState> {
  const context = await browser.newContext();
  const token = (await program.signInLink()).split("#")[1];
  const answer = await context.request.post(`${program.url}/api/sign-in`, {
    data: { token },
    headers: { ...ofItsOwn, origin: program.url },
  });
  if (!answer.ok()) throw new Error(`not signed in: ${answer.status()} ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function watch(context: BrowserContext, found: string[]): Promise<void> {
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      console.error(`policy violated: ${violatedDirective} by ${blockedURI} in ${sourceFile}`);
    });
  });
  context.on("page", (page) => {
    const goTo = page.goto.bind(page);
    const reload = page.reload.bind(page);
    page.goto = (...where) => arrive(page, () => goTo(...where));
    page.reload = (...how) => arrive(page, () => reload(...how));
    page.on("pageerror", (error) => found.push(`${page.url()}: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") found.push(`${page.url()}: ${message.text()} (${message.location().url})`);
    });
  });
}
