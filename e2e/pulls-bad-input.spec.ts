import type { RepositoryView } from "../server/protocol/api";
import type { ForgeView } from "../server/protocol/pulls";
import { rawCall } from "./support/call";
import { ForgeRepository, noForge } from "./support/forge";
import { expect, test } from "./support/journey";
import { addForge, newSession, numbered, readSession, unlessBusy, untilSession } from "./support/pull-journey";
import { eventually } from "./support/session";

test.skip(noForge !== null, noForge ?? "");

let forge: ForgeRepository;
test.beforeEach(async () => {
  forge = await ForgeRepository.create();
});
// A test may have renamed it.
test.afterEach(() => forge.remove().catch(() => {}));

const title = "<img src=x onerror=alert(1)> \u202Egnirts\u202C 👩🏽‍🚀 &amp;";

test("a title of a stranger's is text in the browser; one that was deleted keeps its facts; a rename is followed", async ({
  program,
  open,
}) => {
  await addForge(program, forge);
  const session = await newSession(program, forge);
  await program.api("POST", `/api/repositories/${session.repositoryId}/webhook`);
  await forge.push(session.branch, "main");
  const kept = await forge.open(session.branch, "main", { title, by: "reviewer" });
  await forge.push(`${session.branch}-gone`, "main");
  const gone = await forge.open(`${session.branch}-gone`, "main", { title: "Soon gone" });
  const followed = await untilSession(program, session, ({ prs }) => prs.length === 2);
  const page = await open(`/sessions/${session.id}`);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(`/repositories/${session.repositoryId}#pulls`);
  await expect(page.getByText("<img src=x onerror=alert(1)>").first()).toBeVisible();
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect(dialogs).toEqual([]);

  await forge.api("owner", "DELETE", `/repos/${forge.path}/issues/${gone.number}`);
  // The forge tells nobody of it: a look finds it, which a click on the other one asks for.
  const refresh = `/api/sessions/${session.id}/prs/${numbered(followed.prs, kept.number)?.id}/refresh`;
  await program.api("POST", refresh).catch(unlessBusy);
  const left = await untilSession(
    program,
    session,
    ({ prs }) => numbered(prs, gone.number)?.lookFailure !== null,
    90_000,
  );
  expect(numbered(left.prs, gone.number)).toMatchObject({ state: "open", title: "Soon gone" });

  const path = await forge.rename();
  await forge.push(`${session.branch}-after`, "main");
  const after = await forge.open(`${session.branch}-after`, "main");
  const renamed = await untilSession(program, session, ({ prs }) => prs.length === 3, 90_000);
  expect(numbered(renamed.prs, after.number)).toMatchObject({ repository: path, attributedBy: "descendant" });
  const there = await untilSession(program, session, ({ prs }) => numbered(prs, kept.number)?.repository === path);
  expect(numbered(there.prs, kept.number)?.url).toContain(`/${path}/pulls/${kept.number}`);
  const known = () => program.api<RepositoryView>("GET", `/api/repositories/${session.repositoryId}`);
  await eventually(known, ({ pullTrouble }) => pullTrouble === null);
});

test("[I1] a token that is revoked half way costs no fact: it is told in words, and a new token goes on", async ({
  program,
}) => {
  test.skip(forge.password === null, "FORGE_PASSWORD is not set: no token can be made");
  const { id } = await addForge(program, forge);
  const session = await newSession(program, forge);
  await forge.push(session.branch, "main");
  const opened = await forge.open(session.branch, "main");
  await program.api("POST", `/api/repositories/${session.repositoryId}/webhook`);
  await forge.status(opened.head.sha, "build", "success");
  await untilSession(program, session, ({ prs }) => prs.length === 1);
  const passing = await forge.temporaryToken();
  await program.api("PATCH", `/api/forges/${id}`, { token: passing.token });
  await passing.revoke();
  await forge.status(opened.head.sha, "build", "failure");
  const told = async () => (await program.api<{ items: ForgeView[] }>("GET", "/api/forges")).items[0]?.trouble ?? null;
  await eventually(told, (trouble) => /does not take the token any more/.test(trouble?.reason ?? ""));
  const { prs } = await readSession(program, session);
  expect(prs).toMatchObject([{ number: opened.number, state: "open" }]);
  expect(prs[0]?.checks.state).not.toBe("failing");
  await program.api("PATCH", `/api/forges/${id}`, { token: forge.token });
  await untilSession(program, session, (view) => view.prs[0]?.checks.state === "failing", 90_000);
  expect(await eventually(told, (trouble) => trouble === null)).toBeNull();
});

test("a delivery that is not signed, or is no JSON, or has 10 MB, is refused and makes nobody look", async ({
  program,
}) => {
  const { id } = await addForge(program, forge);
  const where = `${program.url}/api/webhooks/${id}`;
  const body = JSON.stringify({ repository: { full_name: forge.path } });
  for (const [headers, sent] of [
    [{}, body],
    [{ "x-gitea-signature": "0".repeat(64) }, body],
    [{ "x-gitea-signature": "not hex" }, "not json"],
    [{ "x-gitea-signature": "0".repeat(64) }, Buffer.alloc(10_000_000, "a")],
  ] as const) {
    const answer = await rawCall(where, { method: "POST", headers, body: sent });
    expect(answer.status).toBe(403);
  }
});
