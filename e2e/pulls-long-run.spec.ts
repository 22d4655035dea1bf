import type { SessionView } from "../server/protocol/api";
import type { PullView } from "../server/protocol/pulls";
import { BadRelay } from "./support/bad-relay";
import { ForgeRepository, noForge } from "./support/forge";
import { expect, test } from "./support/journey";
import { Program } from "./support/program";
import {
  addForge,
  commitAndPush,
  mergeFromHere,
  newSession,
  notificationsOf,
  numbered,
  readSession,
  typeInto,
  untilSession,
  untilTold,
} from "./support/pull-journey";
import { randomFrom } from "./support/random.mjs";

test.skip(noForge !== null, noForge ?? "");

type Ground = { program: Program; forge: ForgeRepository; session: SessionView; numbers: number[]; shas: string[] };
type Seen = (pull: PullView) => boolean;
/** Something that others do at the forge, how it shows, and what its owner is told of it. */
type Happening = { name: string; of: number; make(ground: Ground): Promise<unknown>; shows: Seen; told: string[] };

const status = (of: number, name: string, state: "pending" | "success" | "failure"): Happening => ({
  ...{ name: `${name} of ${of}: ${state}`, of },
  make: ({ forge, shas }) => forge.status(shas[of] ?? "", name, state),
  shows: ({ checks }) =>
    state === "failure"
      ? checks.failing.some((check) => check.name === name)
      : checks.all.some(
          (check) => check.name === name && check.state === (state === "success" ? "passing" : "pending"),
        ),
  told: state === "failure" ? ["checks failed"] : [],
});
const review = (of: number, event: "APPROVED" | "REQUEST_CHANGES"): Happening => ({
  ...{ name: `${event} of ${of}`, of },
  make: ({ forge, numbers }) => forge.review(numbers[of] ?? 0, event, "So be it."),
  shows: (pull) => pull.review.state === (event === "APPROVED" ? "approved" : "changes-requested"),
  told: [event === "APPROVED" ? "approved" : "changes asked for"],
});
/** A check that ran again moves nothing in the forge's list: whoever polls sees it with the next word of a reviewer. */
const mended = (of: number): Happening => ({
  ...{ name: `${of} mended and approved`, of },
  async make(ground) {
    await status(of, "build", "success").make(ground);
    await review(of, "APPROVED").make(ground);
  },
  shows: (pull) => pull.checks.state === "passing" && pull.review.state === "approved",
  told: ["checks passed", "approved"],
});

/** In any order, but of each pull request in its own. */
const chains = [
  [status(0, "build", "pending"), status(0, "build", "failure"), review(0, "REQUEST_CHANGES"), mended(0)],
  [review(1, "REQUEST_CHANGES"), mended(1)],
  [status(2, "build", "pending"), status(2, "build", "failure"), mended(2)],
];

function shuffled(seed: number): Happening[] {
  const next = randomFrom(seed);
  const left = chains.map((chain) => [...chain]);
  const order: Happening[] = [];
  for (;;) {
    const going = left.filter((chain) => chain.length > 0);
    const happening = going[next() % Math.max(1, going.length)]?.shift();
    if (!happening) return order;
    order.push(happening);
  }
}

/** As long as a poll, and the pauses between its looks. */
const limitMs = 90_000;

async function untilPull(ground: Ground, of: number, shows: Seen): Promise<void> {
  const { program, session, numbers } = ground;
  const isSo = ({ prs }: SessionView) => prs.some((pull) => pull.number === numbers[of] && shows(pull));
  await untilSession(program, session, isSo, limitMs);
}

/** What is over before it was told is not told any more: the next happening waits for it. */
async function untilNews({ program, session, numbers }: Ground, { of, told }: Happening): Promise<void> {
  for (const words of told)
    await untilTold(
      program,
      session,
      ({ title }) => title.startsWith(`#${numbers[of]} `) && title.endsWith(`: ${words}`),
    );
}

async function openStack(program: Program, forge: ForgeRepository): Promise<Ground> {
  await addForge(program, forge);
  const session = await newSession(program, forge);
  const branches = [session.branch, `${session.branch}-two`, `${session.branch}-three`];
  const work = branches.map((branch, at) => commitAndPush(`part-${at}`, at === 0 ? undefined : branch));
  await typeInto(program, session, work.join(" && "));
  const [shas, numbers]: [string[], number[]] = [[], []];
  for (const branch of branches) shas.push(await forge.knows(branch));
  for (const [at, branch] of branches.entries())
    numbers.push((await forge.open(branch, branches[at - 1] ?? "main", { title: `Part ${at}` })).number);
  return { ...{ program, forge, session, numbers, shas } };
}

/** The whole script; gives what a person sees at its end, and all that they were told. */
async function live(ground: Ground, seed: number): Promise<unknown> {
  const { program, forge, session, numbers } = ground;
  const order = shuffled(seed);
  const next = randomFrom(seed + 1);
  const deaths = new Set([next() % order.length, next() % order.length]);
  await untilSession(program, session, ({ prs }) => prs.length === 3, limitMs);
  for (const [at, happening] of order.entries()) {
    if (deaths.has(at)) await program.kill();
    await happening.make(ground);
    if (deaths.has(at)) await program.start();
    await untilPull(ground, happening.of, happening.shows);
    await untilNews(ground, happening);
  }
  // The first by somebody, its branch kept; the second from here; the last with its branch deleted.
  await forge.merge(numbers[0] ?? 0, { squash: true });
  await untilPull(ground, 1, ({ stack }) => stack?.state === "needs-retarget");
  const left = numbered((await readSession(program, session)).prs, numbers[1] ?? 0);
  await program.api("POST", `/api/sessions/${session.id}/prs/${left?.id}/retarget`, { base: "main" });
  await mergeFromHere(program, session, { number: numbers[1] ?? 0 });
  await untilPull(ground, 2, ({ stack, baseRef }) => stack?.state === "ready" && baseRef === "main");
  await forge.merge(numbers[2] ?? 0, { deleteBranch: true });
  const end = await untilSession(program, session, isMergedAndSeen, limitMs);
  const told = await allTold(ground);
  return { ...withoutNames(end, ground), told };
}

/** Each was looked at and found: a busy forge may have failed one look, which the next one makes good. */
const isMergedAndSeen = ({ status: word, prs }: SessionView) =>
  word === "merged" && prs.every(({ lookFailure }) => lookFailure === null);

async function allTold({ program, session }: Ground): Promise<string[]> {
  await expect
    .poll(async () => (await notificationsOf(program, session)).map(({ kind }) => kind), { timeout: limitMs })
    .toContain("pull-done");
  const told = (await notificationsOf(program, session)).filter(({ kind }) => kind.startsWith("pull-"));
  return told.map(({ kind, title, body }) => `${kind} ${title.replace(session.title, "")} ${body}`).toSorted();
}

/** Without ids, times, shas and addresses: what is the same wherever it happens. */
function withoutNames({ state, phase, status: word, prs, nudges }: SessionView, { session }: Ground): object {
  const short = (branch: string | null) => branch?.replace(session.branch, "") ?? null;
  return {
    ...{ state, phase, word },
    nudges: nudges.map(({ kind }) => kind).toSorted(),
    prs: prs.map((pull) => ({
      ...{ number: pull.number, title: pull.title, state: pull.state, by: pull.attributedBy, stack: pull.stack },
      ...{ head: short(pull.headRef), base: short(pull.baseRef), failure: pull.lookFailure, draft: pull.draft },
    })),
  };
}

test("[I3] a stack's whole life ends alike through lost, doubled, late, swapped and replayed webhooks and by polling alone, over kills, and nothing is told twice", async () => {
  test.setTimeout(900_000);
  const seed = Number(process.env["TRELLIS_TEST_SEED"] ?? Date.now() % 100_000);
  console.log(`seed ${seed}`);
  const grounds: { program: Program; forge: ForgeRepository }[] = [];
  const ground = async (env: Record<string, string>) => {
    const made = { program: await Program.create(env), forge: await ForgeRepository.create() };
    grounds.push(made);
    return made;
  };
  const hooked = await ground({ TRELLIS_POLL_SECONDS: "10" });
  const polling = await ground({ TRELLIS_POLL_SECONDS: "5" });
  const relay = await BadRelay.open(hooked.program.url, seed);
  try {
    const byHooks = async () => {
      const { program, forge } = hooked;
      const stack = await openStack(program, forge);
      await program.api("POST", `/api/repositories/${stack.session.repositoryId}/webhook`);
      await forge.moveHooks(relay.url);
      return live(stack, seed);
    };
    const byPolls = async () => live(await openStack(polling.program, polling.forge), seed);
    const [one, other] = await Promise.all([byHooks(), byPolls()]);
    console.log("deliveries:", JSON.stringify(relay.counts));
    // It was the webhooks that were tried, and not only polls.
    expect(Object.keys(relay.counts).length).toBeGreaterThan(3);
    expect(one).toEqual(other);
    const { told } = one as { told: string[] };
    expect(new Set(told).size).toBe(told.length);
  } finally {
    await relay.close();
    for (const { program, forge } of grounds) {
      await program.destroy();
      await forge.remove();
    }
  }
});
