import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, type Page } from "@playwright/test";
import type { HostView } from "../server/protocol/api";
import { type ClusterGround, whyNoCluster } from "./support/cluster";
import { localGoesOn, podMs, test } from "./support/cluster-journey";

const reason = whyNoCluster();
test.skip(reason !== null, reason ?? "");
test.setTimeout(podMs * 2);

/** The server started again with another kubeconfig, or with none of its cluster in reach. */
async function startWith({ program }: ClusterGround, kubeconfig: string): Promise<void> {
  await program.stop();
  program.env["KUBECONFIG"] = kubeconfig;
  await program.start();
}

async function clusterOf({ program }: ClusterGround): Promise<HostView> {
  const { items } = await program.api<{ items: HostView[] }>("GET", "/api/hosts");
  expect(items.find(({ kind }) => kind === "local")).toMatchObject({ state: "reachable" });
  const cluster = items.find(({ kind }) => kind === "kubernetes");
  if (!cluster) throw new Error("the cluster is not among the hosts");
  return cluster;
}

/** What the settings and the dialog say of the cluster. */
async function pagesSay(page: Page, words: RegExp): Promise<void> {
  await page.goto("/settings#hosts");
  await expect(page.getByRole("listitem", { name: "Kubernetes" })).toContainText(words);
  await dialogSays(page, words);
}

/** Why the cluster cannot be chosen for a repository. */
async function dialogSays(page: Page, words: RegExp): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Add repository" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: "Kubernetes" })).toBeDisabled();
  await expect(dialog.getByRole("group", { name: "Host" })).toContainText(words);
}

/** The administrator's kubeconfig with another token for its user. */
function withToken(good: string, token: string): string {
  const config = JSON.parse(readFileSync(good, "utf8"));
  config.users[0].user = { token };
  return JSON.stringify(config);
}

type Broken = { make(file: string, good: string): void; says: RegExp };

const broken: Record<string, Broken> = {
  "is missing": { make() {}, says: /there is no kubeconfig at \S+: set KUBECONFIG to the file/ },
  "is a directory": { make: (file) => mkdirSync(file), says: /KUBECONFIG is the directory \S+: name the file in it/ },
  "has a token that is none": {
    make: (file, good) => writeFileSync(file, withToken(good, "garbage")),
    says: /turned us away \(401\).* expired or wrong: renew them/,
  },
};

for (const [what, { make, says }] of Object.entries(broken))
  test(`a kubeconfig that ${what} is told on the page, and this machine's sessions go on`, async ({
    open,
    ground,
    good,
  }) => {
    const file = path.join(path.dirname(good), what.replaceAll(" ", "-"));
    make(file, good);
    await startWith(ground, file);
    const { state, reason: told } = await clusterOf(ground);
    expect([state, told]).toEqual(["unreachable", expect.stringMatching(says)]);
    await localGoesOn(ground);
    await pagesSay(await open("/"), says);
  });

test("an account without rights: each right that is missing stands there with its rule, and the dialog names them", async ({
  open,
  ground,
  good,
}) => {
  await ground.kubectl("create", "serviceaccount", "nobody");
  const token = (await ground.kubectl("create", "token", "nobody")).trim();
  const file = path.join(path.dirname(good), "nobody");
  writeFileSync(file, withToken(good, token));
  await startWith(ground, file);
  const { missingRights } = await clusterOf(ground);
  const rules = missingRights.map(({ rule }) => rule).join("\n");
  expect(rules).toMatch(/resources: \["pods\/exec"\]\n\s+verbs: \[.*"create"/);
  await localGoesOn(ground);
  const page = await open("/settings#hosts");
  const cluster = page.getByRole("listitem", { name: "Kubernetes" });
  await expect(cluster).toContainText("Reachable, rights are missing");
  await expect(cluster).toContainText(`The server lacks ${missingRights.length} rights`);
  await expect(cluster).toContainText('resources: ["statefulsets"]');
  await dialogSays(page, /The server lacks \d+ rights in the cluster/);
});

test("a cluster that is away at the start is found by itself when it is there", async ({ open, ground, good }) => {
  await ground.proxy.goAway();
  await startWith(ground, good);
  const says = /is not there \(connection refused\)/;
  expect((await clusterOf(ground)).reason).toMatch(says);
  await localGoesOn(ground);
  const page = await open("/");
  await pagesSay(page, says);
  await page.goto("/settings#hosts");
  const cluster = page.getByRole("listitem", { name: "Kubernetes" });
  await expect(cluster).toContainText(says);
  await ground.proxy.comeBack();
  await expect(cluster).toContainText("Reachable", { timeout: 60_000 });
});
