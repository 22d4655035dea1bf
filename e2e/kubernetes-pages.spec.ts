import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import type { RepositoryView, SessionView } from "../server/protocol/api";
import { addressForPods } from "./support/cluster";
import { type GitHttpServer, serveGitOverHttp } from "./support/git-http-server";
import { type GitRepository, makeGitRepository } from "./support/git-repository";
import { test as base, expect } from "./support/journey";
import { Program } from "./support/program";
import { Screen } from "./support/screen";
import { eventually, untilRuns, waitForPhase } from "./support/session";

const kubeconfig = process.env["KUBECONFIG"];
const image = process.env["TRELLIS_TEST_WORKSPACE_IMAGE"];
const namespace = `trellis-test-${randomBytes(5).toString("hex")}`;
/** A pod comes up within seconds where its image is there; a busy machine takes longer. */
const podMs = 120_000;

const kubectl = (...args: string[]) => {
  const { status, stderr } = spawnSync("kubectl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
};

/** The program of this file has a cluster: a namespace of its own, deleted after it. */
const test = base.extend<Record<never, never>, { forge: GitHttpServer; origin: GitRepository }>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      kubectl("create", "namespace", namespace);
      const program = await Program.create({
        KUBECONFIG: kubeconfig ?? "",
        TRELLIS_NAMESPACE: namespace,
        TRELLIS_WORKSPACE_IMAGE: image ?? "",
        TRELLIS_IMAGE: process.env["TRELLIS_TEST_TRELLIS_IMAGE"] ?? image ?? "",
        TRELLIS_STORAGE_SIZE: "1Gi",
      });
      await use(program);
      await program.destroy();
      kubectl("delete", "namespace", namespace, "--wait=false");
    },
    { scope: "worker", timeout: 180_000 },
  ],
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const origin = makeGitRepository();
      await use(origin);
      origin.remove();
    },
    { scope: "worker" },
  ],
  forge: [
    async ({ origin }, use) => {
      const forge = await serveGitOverHttp(origin, "geheim", addressForPods());
      await use(forge);
      await forge.close();
    },
    { scope: "worker" },
  ],
});

test.skip(!kubeconfig || !image, "needs a cluster: KUBECONFIG and TRELLIS_TEST_WORKSPACE_IMAGE name none");

const onKubernetes = async (program: Program, forge: GitHttpServer): Promise<RepositoryView> => {
  const { items } = await program.api<{ items: RepositoryView[] }>("GET", "/api/repositories");
  const known = items.find(({ cloneUrl }) => cloneUrl === forge.url);
  const body = { cloneUrl: forge.urlWith("ana", "geheim"), host: "kubernetes" };
  return known ?? program.api<RepositoryView>("POST", "/api/repositories", body);
};

/** The settings tab of a repository, one field of its pod filled and saved. */
async function setPod(page: Page, repositoryId: string, [label, value]: [string, string]): Promise<void> {
  await page.goto(`/repositories/${repositoryId}#settings`);
  await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
}

async function restartNow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Restart now…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restart", exact: true }).click();
}

test("a repository is put on Kubernetes in the dialog, and its session tells how the pod comes up", async ({
  open,
  program,
  forge,
}) => {
  test.setTimeout(podMs * 2);
  const page = await open("/");
  await page.getByLabel("Clone URL or path").fill(forge.urlWith("ana", "geheim"));
  await page.getByRole("radio", { name: "Kubernetes" }).click();
  await expect(page.getByText("Cloned in its pod", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForURL(/\/repositories\//);
  await page.getByRole("button", { name: "New Session", exact: true }).first().click();
  await page.waitForURL(/\/sessions\//);
  const session = await waitForPhase(program, page.url().split("/").at(-1) ?? "", "active");
  expect(session.podName).toMatch(/^trellis-.+-0$/);
  await page.getByRole("tab", { name: "Session", exact: true }).click();
  await expect(page.getByText("Repo pod running")).toBeVisible();
  await (await new Screen(page).driving()).run("pwd; id -u");
  await new Screen(page).shows("/workspace/sessions/");

  const again = await open("/");
  await again.getByRole("button", { name: "Add repository" }).click();
  await expect(again.getByRole("radio", { name: "Kubernetes" })).toBeVisible();
});

test("a change waits for the restart; what would end is listed before it does", async ({
  open,
  program,
  forge,
  complaints,
}) => {
  test.setTimeout(podMs * 3);
  complaints.allow(/409/);
  const repository = await onKubernetes(program, forge);
  const made = await program.api<SessionView>("POST", "/api/sessions", { repositoryId: repository.id, title: "Busy" });
  await waitForPhase(program, made.id, "active");
  const busy = await open(`/sessions/${made.id}`);
  await (await new Screen(busy).driving()).run("sleep 4321");
  await untilRuns(program, made.id, "sleep 4321");

  const page = await open(`/repositories/${repository.id}#settings`);
  await page.getByLabel("Memory at most").fill("2GB");
  await expect(page.getByRole("alert").filter({ hasText: '"2GB" is no amount' })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await setPod(page, repository.id, ["Memory at most", "2Gi"]);
  await page.getByRole("button", { name: "Restart now…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(/2Gi/)).toBeVisible();
  await dialog.getByRole("button", { name: "Restart", exact: true }).click();
  await expect(dialog.getByText("sleep 4321")).toBeVisible();
  await dialog.getByRole("button", { name: /^End 1 program and restart$/ }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Restart now…" })).toHaveCount(0, { timeout: podMs });
  await expect(page.getByText("Repo pod running")).toBeVisible({ timeout: podMs });
});

test("an image that does not exist is told in words everywhere, and mended by its setting", async ({
  open,
  program,
  forge,
  complaints,
}) => {
  test.setTimeout(podMs * 4);
  complaints.allow(/409/);
  const repository = await onKubernetes(program, forge);
  const bad = "localhost/does-not-exist:1";
  const page = await open("/");
  await setPod(page, repository.id, ["Image", bad]);
  await restartNow(page);
  await expect(page.getByText("Repo pod cannot start")).toBeVisible({ timeout: podMs });
  await expect(page.getByRole("main").getByText(bad, { exact: false }).first()).toBeVisible();

  await page.goto("/");
  const needs = page.getByRole("region", { name: /^Needs you/ });
  await expect(needs.getByRole("listitem").first()).toContainText("its pod cannot start");
  await needs.getByRole("link", { name: "Settings" }).first().click();
  await page.getByLabel("Image", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  // Nothing ever ran in that pod: the setting needs no word about what would end.
  await expect(page.getByText("Repo pod running")).toBeVisible({ timeout: podMs });
});

test("the settings tell of the cluster: reachable, version, namespace", async ({ open, program }) => {
  const page = await open("/settings#hosts");
  const cluster = page.getByRole("listitem", { name: "Kubernetes" });
  await expect(cluster).toContainText("Reachable");
  await expect(cluster).toContainText(/v1\.\d+/);
  await expect(cluster).toContainText(namespace);
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page.getByRole("button", { name: "Look again" })).toBeEnabled();
  const { items } = await eventually(
    () => program.api<{ items: { kind: string; state: string }[] }>("GET", "/api/hosts"),
    (answer) => answer.items.some(({ kind }) => kind === "kubernetes"),
  );
  expect(items).toMatchObject([{ kind: "local" }, { kind: "kubernetes", state: "reachable" }]);
});
