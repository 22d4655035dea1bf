import { spawnSync } from "node:child_process";
import type { Page } from "@playwright/test";
import type { SessionView } from "../server/protocol/api";
import { ClusterGround, whyNoCluster } from "./support/cluster";
import { test as base, expect } from "./support/journey";
import { Screen } from "./support/screen";
import { terminalTabs } from "./support/terminal-tabs";

const reason = whyNoCluster();
/** A pod comes up within seconds where its image is there; a busy machine takes longer. */
const podMs = 120_000;
const ana = { name: "Ana Lovelace", email: "ana@lovelace.example" };

/** One program, one repository and one repo pod for all of it. */
const test = base.extend<Record<never, never>, { ground: ClusterGround }>({
  ground: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const ground = await ClusterGround.open({ ".gitignore": "*.cache\n" });
      await ground.program.api("PATCH", "/api/me", ana);
      await use(ground);
      await ground.close();
    },
    { scope: "worker", timeout: podMs },
  ],
  program: [async ({ ground }, use) => use(ground.program), { scope: "worker" }],
});

test.skip(reason !== null, reason ?? "");
test.setTimeout(podMs * 2);

/** Runs in the session's pod, beside the program; `input` is what the command reads. */
function inPod(ground: ClusterGround, script: string, input = ""): string {
  const { namespace } = ground;
  const pod = ["exec", "--stdin", podOf.get(ground) ?? "", "--container", "workspace"];
  const command = ["--namespace", namespace, ...pod, "--", "bash", "-c", script];
  const { status, stdout, stderr } = spawnSync("kubectl", command, { encoding: "utf8", input });
  if (status !== 0) throw new Error(`${script}: ${status} ${stderr}`);
  return stdout;
}
const podOf = new WeakMap<ClusterGround, string>();

async function newSession(ground: ClusterGround): Promise<SessionView> {
  const session = await ground.openSession();
  podOf.set(ground, session.podName ?? "");
  return session;
}

test("a repository put on Kubernetes in the dialog: New Session tells its steps, and its terminal is a shell in the pod", async ({
  open,
  ground,
}) => {
  const page = await open("/");
  await page.getByLabel("Clone URL or path").fill(ground.cloneUrl);
  await page.getByRole("radio", { name: "Kubernetes" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForURL(/\/repositories\//);
  // The steps go by faster than a busy page is drawn: the clone stands still until its own was seen.
  const letGo = ground.holdRemote();
  await page.getByRole("button", { name: "New Session", exact: true }).first().click();
  await page.waitForURL(/\/sessions\//);
  const steps = page.getByRole("list", { name: "Steps" });
  const running = steps.getByRole("listitem").filter({ has: page.getByRole("img", { name: "Running" }) });
  await expect(running).toContainText("Clone the repository", { timeout: podMs });
  letGo();
  const session = await ground.untilActive(page.url().split("/").at(-1) ?? "");
  podOf.set(ground, session.podName ?? "");

  const screen = await new Screen(page).driving();
  await screen.run("hostname; pwd; git status | head -n 1");
  await screen.shows(session.podName ?? "no pod");
  await screen.shows("/workspace/sessions/");
  await screen.shows(`On branch ${session.branch}`);
  await page.getByRole("button", { name: "New terminal" }).click();
  await expect(terminalTabs(page)).toHaveCount(2);
  await expect(terminalTabs(page).nth(1)).toHaveAttribute("aria-selected", "true");
  await screen.driving();
  await screen.run("echo second-$((1+1))");
  await screen.shows("second-2");
});

test("a reload loses nothing; a second browser views and takes the seat; a dropped file arrives in the pod", async ({
  open,
  ground,
}) => {
  const session = await newSession(ground);
  const wide = await open(`/sessions/${session.id}`, { viewport: { width: 1280, height: 800 } });
  const driver = await new Screen(wide).driving();
  await driver.run('for i in $(seq 3000); do echo "line $i of it"; done; echo all-$((1+1))');
  await driver.shows("all-2");
  await driver.prompts();
  const before = await driver.lines();
  await wide.reload();
  await driver.driving();
  await expect.poll(() => driver.lines()).toEqual(before);
  await wide.keyboard.press("Control+Shift+F");
  await wide.getByRole("textbox", { name: "Search in the terminal" }).fill("line 1 of it");
  await driver.shows("line 1 of it");
  await wide.keyboard.press("Escape");

  const narrow = await open(`/sessions/${session.id}`, { viewport: { width: 1000, height: 600 } });
  const viewer = new Screen(narrow);
  await expect(viewer.foot).toContainText("You view, another window drives");
  await viewer.run("echo intruder");
  await driver.run("clear; echo first-$((1+1)); stty size");
  const [columns, rows] = (await driver.size()).split(" × ");
  for (const screen of [driver, viewer]) {
    await screen.shows("first-2");
    await screen.shows(`${rows} ${columns}`);
    await screen.showsNot("intruder");
  }
  await viewer.foot.getByRole("button", { name: "Take over" }).click();
  await viewer.driving();
  await expect(driver.foot).toContainText("You view, another window drives");
  await viewer.run("echo taken-$((2+2))");
  for (const screen of [driver, viewer]) await screen.shows("taken-4");

  await viewer.type("cat ");
  await drop(viewer, "it's a note.txt", "dropped-words\n");
  await viewer.shows(/note\.txt/);
  await narrow.keyboard.press("Enter");
  await viewer.shows("dropped-words");
  expect(inPod(ground, "find /workspace/uploads -type f -exec cat {} +")).toBe("dropped-words\n");
});

async function drop(screen: Screen, name: string, text: string): Promise<void> {
  const dataTransfer = await screen.page.evaluateHandle(
    ([file, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content ?? ""], file ?? "", { type: "text/plain" }));
      return transfer;
    },
    [name, text],
  );
  await screen.pane.locator(".terminal-screen").dispatchEvent("drop", { dataTransfer });
}

test("[I3] kill -9 of the server while output of the pod runs: it goes on by itself, and nothing is missing", async ({
  open,
  ground,
  complaints,
}) => {
  complaints.allow(/ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  const session = await newSession(ground);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run('i=0; until [ -e stop ]; do i=$((i+1)); echo "count $i of it"; sleep 0.02; done; echo end-$((1+1))');
  await expect.poll(() => lastCount(screen)).toBeGreaterThan(20);
  await ground.program.kill();
  await expect(screen.strip).toContainText("No answer from the server");
  const atKill = await lastCount(screen);
  const heard = await screen.hearsStrip();
  await ground.program.start();
  await expect.poll(heard, { timeout: 60_000 }).toContain("Resumed, nothing lost.");
  await screen.driving();
  await expect.poll(() => lastCount(screen)).toBeGreaterThan(atKill + 20);
  inPod(ground, `touch '${session.worktreePath}/stop'`);
  await screen.shows("end-2");
  await screen.run("echo typed-$((2+3))");
  await screen.shows("typed-5");

  const where = `/api/sessions/${session.id}/terminals/${session.terminals[0]?.id}/log`;
  const log = await (await page.request.get(where)).text();
  const numbers = [...log.matchAll(/^count (\d+) of it\r?$/gm)].map(([, number]) => Number(number));
  expect(numbers.length).toBeGreaterThan(atKill + 20);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
});

/** The last number in sight. */
async function lastCount(screen: Screen): Promise<number> {
  const numbers = (await screen.lines()).map((line) => /^count (\d+) of it$/.exec(line)?.[1]);
  return Number(numbers.findLast((number) => number !== undefined) ?? 0);
}

test("[I7] a commit carries the user's name and address, and is pushed with a credential that stands nowhere in the pod", async ({
  open,
  ground,
}) => {
  const session = await newSession(ground);
  const page = await open(`/sessions/${session.id}`);
  const screen = await new Screen(page).driving();
  await screen.run("echo 1 > sums && git add sums && git commit -qm Sums && git push -q; echo pushed-$?");
  await screen.shows("pushed-0");
  const { remote } = ground;
  expect(remote.git("log", "-1", "--format=%an <%ae>, %cn <%ce>, %s", session.branch)).toBe(
    `${ana.name} <${ana.email}>, ${ana.name} <${ana.email}>, Sums`,
  );

  const { username, password } = new URL(ground.cloneUrl);
  const secrets = [password, btoa(`${username}:${password}`)];
  // Given by what is read, so that no command line of the look itself has it.
  const find = (words: string[]) =>
    inPod(
      ground,
      `pattern=$(cat)
      grep -rlaFf <(printf %s "$pattern") /workspace /tmp /run/trellis /etc/gitconfig 2>/dev/null
      grep -laFf <(printf %s "$pattern") /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null
      true`,
      words.join("\n"),
    );
  expect(find([session.branch])).toContain("/workspace/repositories/");
  expect(find(["TRELLIS_SESSION="])).toMatch(/\/proc\/\d+\/environ/);
  expect(find(["/opt/trellis/"])).toMatch(/\/proc\/\d+\/cmdline/);
  expect(find(secrets)).toBe("");
  const kinds = "statefulsets,pods,services,serviceaccounts,persistentvolumeclaims,configmaps,secrets,events";
  const objects = await ground.kubectl("get", kinds, "--output", "yaml");
  expect(objects).toContain(session.podName);
  for (const secret of secrets) expect(objects).not.toContain(secret);
});

/** A commit and a file that was not added: what no remote has. */
function leaveWork(ground: ClusterGround, { worktreePath }: SessionView): void {
  inPod(
    ground,
    `cd '${worktreePath}' && echo '1 + 1 = 2' > sums.txt && git add sums.txt && git commit -qm 'Sums that add up' &&
    echo changed >> README.md && echo 'not added yet' > notes.txt && echo x > build.cache`,
  );
}

type Ended = { ground: ClusterGround; session: SessionView; page: Page };
type Ending = { choice: string; button: string; rescued: string[]; left(ended: Ended): void | Promise<void> };

const nothingPushed = ({ ground, session }: Ended) =>
  expect(ground.remote.git("branch", "--list", session.branch)).toBe("");

const endings: Record<string, Ending> = {
  rescue: {
    choice: "Keep a rescue",
    button: "Keep a rescue and end",
    rescued: ["branches", "head", "index", "worktree"],
    async left(ended) {
      nothingPushed(ended);
      await restores(ended);
    },
  },
  push: {
    choice: "Push",
    button: "Push and end",
    rescued: ["head", "index", "worktree"],
    left({ ground: { remote }, session: { branch } }) {
      expect(remote.git("log", "-1", "--format=%s by %an", branch)).toBe(`Sums that add up by ${ana.name}`);
      expect(remote.git("ls-tree", "--name-only", branch)).not.toContain("notes.txt");
    },
  },
  "commit-and-push": {
    choice: "Commit and push",
    button: "Commit, push and end",
    rescued: [],
    left({ ground: { remote }, session: { branch } }) {
      expect(remote.git("show", `${branch}:notes.txt`)).toBe("not added yet");
      expect(remote.git("log", "-1", "--format=%an <%ae>", branch)).toBe(`${ana.name} <${ana.email}>`);
      expect(remote.git("ls-tree", "--name-only", branch)).not.toContain("build.cache");
    },
  },
  nothing: { choice: "Discard", button: "Discard and end", rescued: [], left: nothingPushed },
};

async function endWith(page: Page, { choice, button }: Ending): Promise<void> {
  await page.getByRole("button", { name: "End Session" }).first().click();
  const dialog = page.getByRole("dialog", { name: "End this session?" });
  const lost = dialog.getByRole("list", { name: "What ending would lose" });
  await expect(lost).toContainText("Sums that add up");
  await expect(lost).toContainText("notes.txt");
  await dialog.getByRole("radio", { name: choice, exact: true }).click();
  await dialog.getByRole("button", { name: button }).click();
  await expect(page.getByRole("heading", { name: "This session has ended" })).toBeVisible();
}

/** What was rescued in the pod is put back there, into a new session. */
async function restores({ page, session }: Ended): Promise<void> {
  await page.goto(`/repositories/${session.repositoryId}`);
  await page.getByRole("tab", { name: "Rescued" }).click();
  await page.getByRole("button", { name: `Restore ${session.title}` }).click();
  const form = page.getByRole("dialog", { name: "Restore into a new session" });
  await form.getByRole("button", { name: "Restore" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/sessions/"));
  const screen = await new Screen(page).driving();
  await screen.run("git log --format=%s | head -n 1; cat sums.txt notes.txt; git status --short");
  for (const words of ["Sums that add up", "1 + 1 = 2", "not added yet", "M README.md"]) await screen.shows(words);
}

for (const [keep, ending] of Object.entries(endings))
  test(`[I8] a session in a pod ended with ${keep}: what its dialog said is what is left`, async ({ open, ground }) => {
    const session = await newSession(ground);
    leaveWork(ground, session);
    const page = await open(`/sessions/${session.id}`);
    await endWith(page, ending);
    expect(inPod(ground, `[ ! -e '${session.worktreePath}' ] && echo gone`)).toBe("gone\n");
    const rescue = `refs/trellis/rescue/${session.shortId}`;
    const refs = inPod(ground, `cd /workspace/repositories/*/ && git for-each-ref --format='%(refname)' ${rescue}`);
    const parts = refs.split("\n").filter(Boolean);
    expect(parts.map((ref) => ref.slice(rescue.length + 1).split("/")[0])).toEqual(ending.rescued);
    await ending.left({ ground, session, page });
  });
