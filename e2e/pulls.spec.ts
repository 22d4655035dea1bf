import type { RepositoryView, SessionView } from "../server/protocol/api";
import type { ForgeView, PullView } from "../server/protocol/pulls";
import { ForgeRepository, noForge } from "./support/forge";
import { expect, test } from "./support/journey";
import type { Program } from "./support/program";
import {
  addForge,
  mergeFromHere,
  newSession,
  notificationsOf,
  readSession,
  typeInto,
  unlessBusy,
  untilTold,
} from "./support/pull-journey";
import { eventually } from "./support/session";

test.skip(noForge !== null, noForge ?? "");

let forge: ForgeRepository;
test.beforeEach(async () => {
  forge = await ForgeRepository.create();
});
// A test may have removed it.
test.afterEach(() => forge.remove().catch(() => {}));

const kindsOf = async (program: Program, session: SessionView) =>
  (await notificationsOf(program, session)).map(({ kind }) => kind);

/** Looked at now, until it is as wanted: what the forge works out in the background takes its time. */
function untilStatus(program: Program, session: SessionView, wanted: SessionView["status"]): Promise<SessionView> {
  const ask = async () => {
    const { prs } = await readSession(program, session);
    const open = prs.filter(({ state }) => state === "open");
    for (const { id } of open)
      await program.api("POST", `/api/sessions/${session.id}/prs/${id}/refresh`).catch(unlessBusy);
    return readSession(program, session);
  };
  return eventually(ask, ({ status }) => status === wanted, 90_000);
}

test("one pull request from a push to its merge: every word in its time, each told once, over a kill", async ({
  program,
}) => {
  const added = await addForge(program, forge);
  expect(added).toMatchObject({ trouble: null, webhookUrl: `${program.url}/api/webhooks/${added.id}` });
  const session = await newSession(program, forge);
  await program.api("POST", `/api/repositories/${session.repositoryId}/webhook`);
  await typeInto(program, session, "echo work > work.txt && git add -A && git commit -qm 'Work' && git push -q");
  const sha = await forge.knows(session.branch);
  const opened = await program.api<PullView>("POST", `/api/sessions/${session.id}/prs`, { title: "My work" });
  expect(opened).toMatchObject({ attributedBy: "opened-here", headSha: sha, baseRef: "main", state: "open" });
  await forge.status(sha, "build", "pending");
  await untilStatus(program, session, "pr_open");
  await forge.status(sha, "build", "failure");
  const failed = await untilStatus(program, session, "ci_failed");
  expect(failed.prs[0]?.checks.failing).toMatchObject([{ name: "build" }]);
  expect(
    (
      await eventually(
        () => readSession(program, session),
        ({ nudges }) => nudges.length > 0,
      )
    ).nudges,
  ).toMatchObject([{ kind: "checks", text: expect.stringContaining("build") }]);
  await program.kill();
  await program.start();
  await forge.status(sha, "build", "success");
  await forge.review(opened.number ?? 0, "REQUEST_CHANGES", "Not yet.");
  await untilStatus(program, session, "changes_requested");
  await untilTold(program, session, ({ kind }) => kind === "pull-changes-requested");
  await forge.review(opened.number ?? 0, "APPROVED", "Now it is.");
  const ready = await untilStatus(program, session, "mergeable");
  await untilTold(program, session, ({ kind }) => kind === "pull-approved");
  const [pull] = ready.prs;
  const merge = `/api/sessions/${session.id}/prs/${pull?.id}/merge`;
  await expect(program.api("POST", merge, { headSha: "0".repeat(40) })).rejects.toThrow(/409/);
  await mergeFromHere(program, session, { number: pull?.number ?? 0, method: "squash" });
  const merged = await eventually(
    () => readSession(program, session),
    ({ status }) => status === "merged",
  );
  expect(merged).toMatchObject({ state: "active", phase: "active" });
  const told = await eventually(
    () => kindsOf(program, session),
    (kinds) => kinds.includes("pull-done"),
  );
  expect(new Set(told).size).toBe(told.length);
  expect(told).toEqual(
    expect.arrayContaining([
      "pull-checks-failed",
      "pull-changes-requested",
      "pull-approved",
      "pull-merged",
      "pull-done",
    ]),
  );
});

test("a stack that an agent pushed by itself is found, ordered, and its webhooks move badges without a reload", async ({
  program,
  open,
}) => {
  await addForge(program, forge);
  const session = await newSession(program, forge);
  await program.api("POST", `/api/repositories/${session.repositoryId}/webhook`);
  const page = await open(`/sessions/${session.id}`);
  const commit = (name: string) => `echo ${name} > ${name}.txt && git add -A && git commit -qm ${name}`;
  await typeInto(
    program,
    session,
    `${commit("one")} && git push -q && git checkout -q -b ${session.branch}-two && ${commit("two")} && git push -q`,
  );
  const [root, child] = [session.branch, `${session.branch}-two`];
  for (const branch of [root, child]) await forge.knows(branch);
  const opening = (title: string, head: string, base: string) =>
    forge.api<{ number: number; head: { sha: string } }>("owner", "POST", `/repos/${forge.path}/pulls`, {
      title,
      head,
      base,
    });
  const bottom = await opening("The bottom", root, "main");
  const top = await opening("The top", child, root);
  const both = await eventually(
    () => readSession(program, session),
    ({ prs }) => prs.length === 2,
  );
  expect(both.prs).toMatchObject([
    { number: top.number, attributedBy: "descendant", stack: { position: 2, size: 2, state: "blocked" } },
    { number: bottom.number, attributedBy: "branch", stack: { position: 1, size: 2, state: "root", parentUrl: null } },
  ]);
  const foreign = await forge.push("eves-own", "main");
  await forge.api("reviewer", "POST", `/repos/${forge.path}/pulls`, { title: "Hers", head: "eves-own", base: "main" });
  await forge.status(foreign, "build", "failure");
  await forge.status(bottom.head.sha, "build", "failure");
  await expect(page.getByText("CI failed").first()).toBeVisible({ timeout: 90_000 });
  expect((await readSession(program, session)).prs).toHaveLength(2);
  await forge.merge(bottom.number, { squash: true });
  const moved = await eventually(
    () => readSession(program, session),
    ({ prs }) => prs.some(({ stack }) => stack?.state === "needs-retarget"),
  );
  const waiting = moved.prs.find(({ number }) => number === top.number);
  await program.api("POST", `/api/sessions/${session.id}/prs/${waiting?.id}/retarget`, { base: "main" });
  const ready = await eventually(
    () => readSession(program, session),
    ({ prs }) => prs.some(({ stack }) => stack?.state === "ready"),
  );
  expect(ready.prs.find(({ number }) => number === top.number)).toMatchObject({ baseRef: "main" });
});

test("a token that is no good is refused in words, and the one that was there goes on", async ({ program }) => {
  const { id } = await addForge(program, forge);
  const stale = { token: "0".repeat(40) };
  await expect(program.api("PATCH", `/api/forges/${id}`, stale)).rejects.toThrow(/422.*token/s);
  const nowhere = { kind: "forgejo", url: "http://127.0.0.1:9", token: forge.token };
  await expect(program.api("POST", "/api/forges", nowhere)).rejects.toThrow(/503/);
  const forges = () => program.api<{ items: ForgeView[] }>("GET", "/api/forges");
  const { items } = await eventually(forges, ({ items }) => items.every(({ trouble }) => trouble === null));
  expect(items.map((known) => known.id)).toEqual([id]);
  const session = await newSession(program, forge);
  await forge.push(session.branch, "main");
  const opened = await program.api<PullView>("POST", `/api/sessions/${session.id}/prs`, { title: "It goes on" });
  expect(opened).toMatchObject({ state: "open", attributedBy: "opened-here" });
});

test("a repository that is gone at the forge is told as its own trouble, beside its pull requests; others go on", async ({
  program,
  open,
}) => {
  const { id } = await addForge(program, forge);
  const session = await newSession(program, forge);
  await forge.push(session.branch, "main");
  const pull = await program.api<PullView>("POST", `/api/sessions/${session.id}/prs`, { title: "Left behind" });
  const where = `/repos/${forge.path}`;
  const other = await ForgeRepository.create();
  try {
    const healthy = await newSession(program, other);
    await forge.api("owner", "DELETE", where);
    // A look is asked for as a person does.
    const refresh = `/api/sessions/${session.id}/prs/${pull.id}/refresh`;
    await expect(program.api("POST", refresh)).rejects.toThrow(/404/);
    await program.kill();
    await program.start();
    const troubled = await eventually(
      () => program.api<RepositoryView>("GET", `/api/repositories/${session.repositoryId}`),
      ({ pullTrouble }) => pullTrouble !== null,
    );
    expect(troubled.pullTrouble?.reason).toContain(`has no ${forge.path}, or does not show it to`);
    const page = await open(`/sessions/${session.id}#pulls`);
    await expect(page.getByText(`has no ${forge.path}`).first()).toBeVisible();
    const forges = () => program.api<{ items: ForgeView[] }>("GET", "/api/forges");
    const { items } = await eventually(forges, (seen) => seen.items.every(({ trouble }) => trouble === null));
    expect(items).toMatchObject([{ id }]);
    const fine = () => program.api<RepositoryView>("GET", `/api/repositories/${healthy.repositoryId}`);
    await eventually(fine, ({ pullTrouble }) => pullTrouble === null);
    expect((await readSession(program, session)).prs).toMatchObject([{ number: pull.number, state: "open" }]);
  } finally {
    await other.remove();
  }
});
