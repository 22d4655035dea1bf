import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Keep, Session, Worktree } from "../../domain/session";
import { lookAtLoss } from "../loss/look-at-loss";
import { requestEnd } from "./request-end";
import { takeEndingStep } from "./take-ending-step";
import { createEndingWorld, type EndingWorld, git } from "./testing/ending-world";

let world: EndingWorld;
let session: Session;
let worktree: Worktree;
let path: string;
beforeEach(async () => {
  world = await createEndingWorld();
  ({ session, worktree, path } = await world.addSession("aaaaaaaa"));
});
afterEach(async () => {
  await world.close();
});

const request = async (keep: Keep, token: string | null) =>
  requestEnd(world.deps, { session: await world.session(session.id), worktree, keep, token });
const look = () => lookAtLoss(world.deps, { session, worktree });

async function step(): Promise<void> {
  await takeEndingStep(world.deps, {
    ...{ session: await world.session(session.id), worktree: await world.worktree(session.id) },
    ...{ repository: world.repository, queue: { run: (work) => work() } },
  });
}

describe("a request to end", () => {
  it("to keep a rescue needs no look", async () => {
    expect(await request("rescue", null)).toBe("accepted");
    expect(await world.session(session.id)).toMatchObject({
      wanted: "ended",
      ending: { keep: "rescue", lossToken: null },
    });
  });

  it.each(["push", "commit-and-push", "nothing"] as const)("to keep %s is refused without a look", async (keep) => {
    await expect(request(keep, null)).rejects.toMatchObject({ code: "invalid" });
    await expect(request(keep, "made up")).rejects.toMatchObject({ code: "invalid" });
    expect((await world.session(session.id)).wanted).toBe("active");
  });

  it("is refused with the look of another session", async () => {
    const other = await world.addSession("bbbbbbbb");
    const { token } = await lookAtLoss(world.deps, other);
    await expect(request("nothing", token)).rejects.toMatchObject({ code: "invalid" });
  });

  it("[I8] asks again, with the new look, when more would be lost than was seen", async () => {
    const { token } = await look();
    await writeFile(join(path, "new"), "new\n");
    const refusal: unknown = await request("nothing", token).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "loss-changed", message: expect.stringContaining("new") });
    expect(refusal).toMatchObject({ details: { sessionId: session.id, loss: { untracked: { value: { count: 1 } } } } });
    const again = (refusal as { details: { token: string } }).details.token;
    expect(await request("nothing", again)).toBe("accepted");
  });

  it("[I1] is not answered from a host that is away", async () => {
    const { token } = await look();
    world.host.setState({ kind: "unreachable", since: new Date(), reason: "cable" });
    await expect(request("nothing", token)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("changes nothing the second time, or when the session has ended", async () => {
    const { token } = await look();
    expect(await request("push", token)).toBe("accepted");
    const first = await world.session(session.id);
    expect(await request("push", token)).toBe("already");
    expect(await request("nothing", null)).toBe("already");
    expect(await world.session(session.id)).toEqual(first);
    await world.settle(session.id);
    expect(await request("rescue", null)).toBe("already");
  });

  it("keeps more when it is asked to while ending, whatever was done already", async () => {
    await writeFile(join(path, "new"), "new\n");
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "mine");
    const { token } = await look();
    await request("nothing", token);
    for (const _ of ["stop", "look", "save", "verify", "set-aside"]) await step();
    expect(await request("rescue", null)).toBe("accepted");
    const ended = await world.settle(session.id);
    expect(ended.endedAt).not.toBeNull();
    expect(await git(world.clone, "show", "refs/trellis/rescue/aaaaaaaa/worktree:new")).toBe("new");
    expect(await git(world.clone, "log", "-1", "--format=%s", "refs/trellis/rescue/aaaaaaaa/head")).toBe("mine");
  });

  it("says that it is too late to keep more once branches are removed", async () => {
    const { token } = await look();
    await request("nothing", token);
    for (const _ of ["stop", "look", "save", "verify", "set-aside", "forget"]) await step();
    await expect(request("rescue", null)).rejects.toMatchObject({ code: "conflict" });
    expect((await world.settle(session.id)).endedAt).not.toBeNull();
  });
});
