import type { SessionView } from "../server/protocol/api";
import { ForgeRepository, noForge } from "./support/forge";
import { expect, test } from "./support/journey";
import {
  addForge,
  commitAndPush,
  mergeFromHere,
  newSession,
  numbered,
  readSession,
  typeInto,
  untilSession,
} from "./support/pull-journey";

test.skip(noForge !== null, noForge ?? "");

let forge: ForgeRepository;
test.beforeEach(async () => {
  forge = await ForgeRepository.create();
});
test.afterEach(() => forge.remove());

const rule = ({ prs }: SessionView, number: number) => numbered(prs, number)?.attributedBy ?? null;
const stackOf = ({ prs, prsAround }: SessionView, number: number) =>
  numbered([...prs, ...prsAround], number)?.stack ?? null;

test("cases 1 to 5, 8 and 12: whose a pull request is, by what was pushed and made, never by what was printed", async ({
  program,
}) => {
  await addForge(program, forge);
  const one = await newSession(program, forge);
  const two = await newSession(program, forge);
  await program.api("POST", `/api/repositories/${one.repositoryId}/webhook`);
  await typeInto(program, one, `${commitAndPush("one")} && ${commitAndPush("api", `${one.branch}-api`)}`);
  await typeInto(program, two, commitAndPush("fix", "fix-login"));
  const eves = await forge.push("eves", "main");
  for (const branch of [one.branch, `${one.branch}-api`, "fix-login"]) await forge.knows(branch);
  await forge.push(`${two.branch}/web`, "main");
  await forge.push("free-name", one.branch);
  const fork = await forge.forkWith(one.branch);
  const opened = {
    root: await forge.open(one.branch, "main"),
    sibling: await forge.open(`${one.branch}-api`, one.branch),
    below: await forge.open(`${two.branch}/web`, "main"),
    topic: await forge.open("fix-login", one.branch),
    edge: await forge.open("free-name", `${one.branch}-api`),
    eves: await forge.open("eves", "main", { by: "reviewer" }),
    namesake: await forge.open(`${forge.reviewer}:${one.branch}`, "main", { by: "reviewer" }),
  };
  await typeInto(program, one, `echo see ${opened.eves.html_url}`);
  const first = await untilSession(program, one, ({ prs, pullHints }) => prs.length === 3 && pullHints.length === 1);
  expect(rule(first, opened.root.number)).toBe("branch");
  expect(rule(first, opened.sibling.number)).toBe("descendant");
  expect(rule(first, opened.edge.number)).toBe("stack");
  expect(stackOf(first, opened.edge.number)).toMatchObject({ position: 3, size: 3, state: "blocked" });
  expect(first.pullHints).toEqual([opened.eves.html_url]);
  const second = await untilSession(program, two, ({ prs }) => prs.length === 2);
  expect(rule(second, opened.below.number)).toBe("descendant");
  expect(rule(second, opened.topic.number)).toBe("worktree");
  expect(stackOf(second, opened.topic.number)).toMatchObject({ state: "blocked", parentUrl: opened.root.html_url });
  // Checked out, and nothing made: it stays hers.
  await typeInto(program, two, "git fetch -q origin eves && git checkout -q -B eves FETCH_HEAD");
  await forge.status(eves, "build", "success");
  await forge.status(opened.root.head.sha, "build", "success");
  await untilSession(program, one, ({ prs }) => numbered(prs, opened.root.number)?.checks.state === "passing");
  expect(rule(await readSession(program, two), opened.eves.number)).toBeNull();
  await typeInto(program, two, `${commitAndPush("answer")} origin HEAD:eves`);
  const third = await untilSession(program, two, (view) => rule(view, opened.eves.number) !== null);
  expect(rule(third, opened.eves.number)).toBe("worktree");
  for (const view of [third, await readSession(program, one)]) expect(rule(view, opened.namesake.number)).toBeNull();
  await fork.remove();
});

test("cases 7, 9, 10, 11 and 14: a stack through merges, closes and a cycle, with a server that was dead meanwhile", async ({
  program,
}) => {
  await addForge(program, forge);
  const session = await newSession(program, forge);
  await program.api("POST", `/api/repositories/${session.repositoryId}/webhook`);
  const names = ["two", "three", "four"].map((name) => `${session.branch}-${name}`);
  const branches = [session.branch, ...names];
  const work = branches.map((branch, at) => commitAndPush(`level-${at}`, at === 0 ? undefined : branch));
  await typeInto(program, session, work.join(" && "));
  for (const branch of branches) await forge.knows(branch);
  const opened: number[] = [];
  for (const [at, branch] of branches.entries())
    opened.push((await forge.open(branch, at === 0 ? "main" : (branches[at - 1] ?? ""))).number);
  const [root = 0, two = 0, three = 0, four = 0] = opened;
  const whole = await untilSession(program, session, ({ prs }) => prs.length === 4);
  expect(opened.map((number) => stackOf(whole, number))).toMatchObject([
    { position: 1, size: 4, state: "root" },
    { position: 2, size: 4, state: "blocked" },
    { position: 3, size: 4, state: "blocked" },
    { position: 4, size: 4, state: "blocked" },
  ]);
  // 10: squashed by somebody, its branch kept.
  await forge.merge(root, { squash: true });
  const left = await untilSession(program, session, (view) => stackOf(view, two)?.state === "needs-retarget");
  const waiting = numbered(left.prs, two)?.id;
  await program.api("POST", `/api/sessions/${session.id}/prs/${waiting}/retarget`, { base: "main" });
  await untilSession(program, session, (view) => stackOf(view, two)?.state === "ready");
  // 11: merged from here, its child moved before; then with its branch deleted.
  await mergeFromHere(program, session, { number: two });
  await forge.api("owner", "DELETE", `/repos/${forge.path}/branches/${encodeURIComponent(names[0] ?? "")}`);
  const moved = await untilSession(program, session, (view) => stackOf(view, three)?.state === "ready");
  expect(numbered(moved.prs, three)).toMatchObject({ baseRef: "main", state: "open" });
  expect(stackOf(moved, four)).toMatchObject({ position: 2, size: 2, state: "blocked" });
  // 9 and 7, while nobody looked.
  await program.kill();
  await forge.api("owner", "PATCH", `/repos/${forge.path}/pulls/${three}`, { state: "closed" });
  await forge.push(`${session.branch}-quick`, "main");
  const quick = (await forge.open(`${session.branch}-quick`, "main")).number;
  await forge.merge(quick, { deleteBranch: true });
  await program.start();
  // In any order: one look may find the one before the other.
  const back = await untilSession(
    program,
    session,
    (view) => view.prs.length === 5 && stackOf(view, four)?.state === "orphaned",
  );
  expect(numbered(back.prs, quick)).toMatchObject({ state: "merged", attributedBy: "descendant" });
  // 14: two that stand on each other.
  await forge.push(`${session.branch}-east`, "main");
  await forge.push(`${session.branch}-west`, "main");
  const east = (await forge.open(`${session.branch}-east`, `${session.branch}-west`)).number;
  const west = (await forge.open(`${session.branch}-west`, `${session.branch}-east`)).number;
  const cycle = await untilSession(program, session, (view) => stackOf(view, west)?.state === "cycle");
  expect(stackOf(cycle, east)).toMatchObject({ state: "cycle", size: 2 });
});
