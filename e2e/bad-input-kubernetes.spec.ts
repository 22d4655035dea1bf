import { spawnSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, type Page } from "@playwright/test";
import { repoPodName } from "../server/hosts/kubernetes/objects/repo-pod-name";
import type { LossView, RepositoryView, SessionView } from "../server/protocol/api";
import { type ClusterGround, whyNoCluster } from "./support/cluster";
import { answers, localGoesOn, podMs, test } from "./support/cluster-journey";
import { Program } from "./support/program";
import { Screen } from "./support/screen";
import { eventually } from "./support/session";
import { mountSmallDisk } from "./support/small-disk";

const reason = whyNoCluster();
test.skip(reason !== null, reason ?? "");
test.setTimeout(podMs * 2);

/** As `deploy/testing/foreign-images.sh` prints them. */
const images = new Map(
  (process.env["TRELLIS_TEST_FOREIGN_IMAGES"] ?? "").split(",").map((each) => each.split("=", 2) as [string, string]),
);
/** The remote under another name, so that it may be added once more. */
function cloneUrlAs(ground: ClusterGround, name: string): string {
  symlinkSync(ground.remote.url, path.join(path.dirname(ground.remote.url), `${name}.git`));
  return ground.cloneUrl.replace(/ledger\.git$/, `${name}.git`);
}

type Wanted = { name?: string; settings?: { image: string } | { storage: { className: string; size: string } } };

async function add(ground: ClusterGround, name: string, more: Wanted = {}): Promise<RepositoryView> {
  const body = { cloneUrl: cloneUrlAs(ground, name), host: "kubernetes", ...more };
  return ground.program.api<RepositoryView>("POST", "/api/repositories", body);
}

const begin = ({ program }: ClusterGround, { id: repositoryId }: RepositoryView) =>
  program.api<SessionView>("POST", "/api/sessions", { repositoryId });

test("names that collide once shortened, over 63 characters and in any script: each has a pod of its own", async ({
  ground,
}) => {
  const long = "a-very-long-name-of-a-repository-that-goes-on-for-more-than-sixty-three-characters";
  const repositories = [
    await add(ground, `${long}-one`),
    await add(ground, `${long}-two`),
    await add(ground, "unicode", { name: "Größe/日本語 🌳" }),
  ];
  const begun = await Promise.all(repositories.map((repository) => begin(ground, repository)));
  const sessions = await Promise.all(begun.map(({ id }) => ground.untilActive(id)));
  const pods = sessions.map(({ podName }) => podName ?? "");
  expect(new Set(pods).size).toBe(3);
  expect(pods.slice(0, 2).map((name) => name.replace(/-[0-9a-f]{12}-0$/, ""))).toEqual(
    Array(2).fill("trellis-a-very-long-name-of-a-repositor"),
  );
  expect(pods[2]).toMatch(/^trellis-gro-e-[0-9a-f]{12}-0$/);
  for (const session of sessions) await answers(ground.program, session);
  await localGoesOn(ground);
});

test("a StatefulSet with the name that is not ours is left alone, and told; once it is gone the session goes on", async ({
  open,
  ground,
}) => {
  const repository = await add(ground, "taken");
  const name = repoPodName({ repositoryId: repository.id, repositoryName: repository.name });
  const labels = { app: "theirs" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "theirs", image: "localhost/none:1" }] } };
  const spec = { replicas: 0, serviceName: name, selector: { matchLabels: labels }, template };
  const theirs = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name, labels }, spec };
  create(ground, theirs);
  const generation = () =>
    ground.kubectl("get", "statefulset", name, "--output", "jsonpath={.metadata.uid} {.metadata.generation}");
  const before = await generation();
  const { id } = await begin(ground, repository);
  const page = await open(`/sessions/${id}`);
  await expect(page.getByRole("heading", { name: "The pod cannot start" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    `There is a StatefulSet ${name} in the namespace ${ground.namespace} that this Trellis did not make`,
  );
  expect(await generation()).toBe(before);
  await localGoesOn(ground);
  await ground.kubectl("delete", "statefulset", name);
  await ground.untilActive(id);
  await goesOn(page);
});

/** Typed in by the page, which drives: another viewer would only look on. */
async function goesOn(page: Page): Promise<void> {
  const screen = await new Screen(page).driving();
  await screen.run("echo on-$((3+3))");
  await screen.shows("on-6");
}

function create({ namespace }: ClusterGround, object: object): void {
  const args = ["--namespace", namespace, "create", "--filename", "-"];
  const { status, stderr } = spawnSync("kubectl", args, { input: JSON.stringify(object), encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
}

test("two servers on one namespace: what one makes, ends and deletes is nothing to the other's pods", async ({
  ground,
  good,
}) => {
  const first = await ground.untilActive((await begin(ground, await add(ground, "shared"))).id);
  const uidOf = (pod: string | null) => ground.kubectl("get", "pod", pod ?? "", "--output", "jsonpath={.metadata.uid}");
  const before = await uidOf(first.podName);
  const other = await Program.create({ ...ground.program.env, KUBECONFIG: good });
  try {
    const { items } = await ground.program.api<{ items: RepositoryView[] }>("GET", "/api/repositories");
    const cloneUrl = items.find(({ id }) => id === first.repositoryId)?.cloneUrl ?? "";
    const { username, password } = new URL(ground.cloneUrl);
    const withSecret = cloneUrl.replace("://", `://${username}:${password}@`);
    const added = await other.api<RepositoryView>("POST", "/api/repositories", {
      cloneUrl: withSecret,
      host: "kubernetes",
    });
    const made = await other.api<SessionView>("POST", "/api/sessions", { repositoryId: added.id });
    const ask = () => other.api<SessionView>("GET", `/api/sessions/${made.id}`);
    const second = await eventually(ask, ({ phase }) => phase === "active", podMs);
    expect(second.podName).not.toBe(first.podName);
    await answers(other, second);
    const { token } = await other.api<LossView>("GET", `/api/sessions/${made.id}/loss`);
    await other.api("POST", `/api/sessions/${made.id}/end`, { keep: "nothing", token });
    await eventually(ask, ({ phase }) => phase === "ended", podMs);
    const remains = await other.api<{ token: string }>("GET", `/api/repositories/${added.id}/remains`);
    await other.api("DELETE", `/api/repositories/${added.id}?token=${remains.token}`);
    const left = () => ground.kubectl("get", "statefulsets", "--output", "name");
    await eventually(left, (names) => !names.includes((second.podName ?? "").replace(/-0$/, "")), podMs);
    expect(await uidOf(first.podName)).toBe(before);
  } finally {
    await other.destroy();
  }
  expect(await uidOf(first.podName)).toBe(before);
  await answers(ground.program, first);
});

const foreign: [kind: string, words: string][] = [
  ["no-git", "Git does not run on this host (cannot start git: No such file or directory). Install it, or give"],
  ["no-shell", "`sh` does not run on this host (cannot start sh: No such file or directory), and git needs it. Give"],
];

for (const [kind, words] of foreign)
  test(`an image of kind ${kind}: New Session stops at the step that needs what is not there, and says so`, async ({
    open,
    ground,
  }) => {
    const image = images.get(kind);
    test.skip(image === undefined, "TRELLIS_TEST_FOREIGN_IMAGES names none");
    test.skip(!process.env["TRELLIS_TEST_TRELLIS_IMAGE"], "TRELLIS_TEST_TRELLIS_IMAGE names no image");
    const { id } = await begin(ground, await add(ground, kind, { settings: { image: image ?? "" } }));
    const ask = () => ground.program.api<SessionView>("GET", `/api/sessions/${id}`);
    const { failure } = await eventually(ask, ({ phase }) => phase === "failed", podMs);
    expect(failure?.reason).toContain(words);
    await expect((await open(`/sessions/${id}`)).getByRole("main")).toContainText(words);
    await localGoesOn(ground);
  });

test("an image without bash: a session as any other, in the shell that it has", async ({ open, ground }) => {
  const image = images.get("bare");
  test.skip(image === undefined, "TRELLIS_TEST_FOREIGN_IMAGES names none");
  test.skip(!process.env["TRELLIS_TEST_TRELLIS_IMAGE"], "TRELLIS_TEST_TRELLIS_IMAGE names no image");
  const { id } = await begin(ground, await add(ground, "bare", { settings: { image: image ?? "" } }));
  await ground.untilActive(id);
  const screen = await new Screen(await open(`/sessions/${id}`)).driving();
  await screen.run("echo [$SHELL] $(git log -1 --format=%s)");
  await screen.shows("[/bin/sh] First commit");
});

test("[I8] a volume that is full: its terminals go on, New Session says so, and goes on once there is room", async ({
  open,
  ground,
}) => {
  const disk = mountSmallDisk(48);
  if ("reason" in disk) return test.skip(true, disk.reason);
  chmodSync(disk.place, 0o777);
  const name = `small-${ground.namespace}`;
  const claim = { accessModes: ["ReadWriteOnce"], capacity: { storage: "48Mi" }, storageClassName: name };
  // No class of volume here has a bound; a file system in memory has one. It is this machine's, which is the node.
  create(ground, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: { ...claim, hostPath: { path: disk.place } },
  });
  try {
    const repository = await add(ground, "full", { settings: { storage: { className: name, size: "48Mi" } } });
    const first = await ground.untilActive((await begin(ground, repository)).id);
    const screen = await new Screen(await open(`/sessions/${first.id}`)).driving();
    await screen.run(
      "dd if=/dev/zero of=~/fill bs=4k 2>/dev/null; df --output=avail /workspace | tail -n 1; echo full-$((1+1))",
    );
    await screen.shows("full-2");
    const { id } = await begin(ground, repository);
    const ask = () => ground.program.api<SessionView>("GET", `/api/sessions/${id}`);
    const { failure } = await eventually(ask, ({ phase }) => phase === "failed", podMs);
    expect(failure?.reason).toContain("The disk of this host is full. Make room, then retry.");
    await screen.run("echo still-$((2+2))");
    await screen.shows("still-4");
    await screen.run("rm ~/fill; echo room-$((1+1))");
    await screen.shows("room-2");
    const page = await open(`/sessions/${id}`);
    await page.getByRole("button", { name: "Retry from here" }).click();
    await ground.untilActive(id);
    await goesOn(page);
  } finally {
    await ground.kubectl("delete", "persistentvolume", name, "--wait=false");
    disk.remove();
  }
});
