import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { holderFrame } from "../protocol/holder-protocol";
import { createHost, linkHostState } from "./host";
import { openLinkFixture, soon } from "./testing/link-fixture";

let fixture: Awaited<ReturnType<typeof openLinkFixture>>;
const paths = { repositories: "/r", worktrees: "/w", ended: "/e", uploads: "/u" };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const credentialProgram = "/opt/it's/git-credential";
const environment = { LOGIN: "yes", WORD: "login" };
const open = () => createHost(fixture.link, { environment, paths, credentialProgram });
beforeEach(async () => {
  fixture = await openLinkFixture();
});
afterEach(() => fixture.close());

/** The id of the one command that was asked for. */
async function asked(): Promise<number> {
  await soon(() => expect(fixture.holder.askedFor("run")).toHaveLength(1));
  return fixture.holder.askedFor("run")[0]?.id ?? 0;
}

describe("a command over a link", () => {
  test("carries the login environment and the caller's, which wins", async () => {
    fixture.holder.answer = () => ({ ok: true, result: { code: 0, signal: null, timedOut: false } });
    await open().run(["git", "status"], { env: { WORD: "caller" }, cwd: "/here" });
    expect(fixture.holder.askedFor("run")[0]?.request).toEqual({
      ...{ op: "run", argv: ["git", "status"], cwd: "/here", timeoutMs: 60_000 },
      env: { LOGIN: "yes", WORD: "caller" },
    });
  });

  test("that a drop cut off is unavailable: nobody knows whether it was done", async () => {
    fixture.holder.answer = () => undefined;
    const run = open().run(["git", "push"]);
    await asked();
    fixture.holder.drop();
    await expect(run).rejects.toMatchObject({ code: "unavailable" });
    expect(fixture.holder.askedFor("run")).toHaveLength(1);
  });

  test("that cannot be started is code 127, however the holder says it", async () => {
    fixture.holder.answer = () => ({ ok: false, code: "cannot-start", message: "git: not found" });
    const result = await open().run(["git"]);
    expect([result.code, text(result.stderr)]).toEqual([127, "git: not found\n"]);
  });

  test("whose reader fails is cancelled, and the link stays for the others", async () => {
    const { holder, link } = fixture;
    holder.answer = () => undefined;
    const run = open().run(["yes"], {
      onOutput: () => {
        throw new Error("a bug of the caller");
      },
    });
    const id = await asked();
    holder.send(holderFrame.requestOutput, id, Uint8Array.of(1, 121, 10));
    await expect(run).rejects.toThrow("a bug of the caller");
    await soon(() => expect(holder.frames.at(-1)).toMatchObject({ type: holderFrame.cancel, stream: id }));
    expect([link.isHere(), holder.hellos]).toEqual([true, 1]);
  });

  test("large input is sent in small frames, and a key typed meanwhile goes before most of it", async () => {
    const { holder, ptys } = fixture;
    await ptys.open({ processId: "p", sessionId: "s", command: null, cwd: "/", env: {}, cols: 80, rows: 24 });
    holder.answer = () => {
      holder.pause();
      return undefined;
    };
    const run = open().run(["cat"], { input: new Uint8Array(8_000_000) });
    run.catch(() => {}); // the fixture closes the link
    await asked();
    ptys.write("p", "e", { clientId: "c", position: 0, bytes: Uint8Array.of(97) });
    holder.resume();
    await soon(() => expect(holder.frames.at(-1)?.payload).toHaveLength(0));
    const types = holder.frames.map((frame) => frame.type);
    expect(types.filter((type) => type === holderFrame.requestInput).length).toBeGreaterThan(480);
    expect(types.indexOf(holderFrame.input)).toBeLessThan(types.length / 2);
  });

  test("what signs in is kept back from a holder of before, which runs on, and given to the next one", async () => {
    const { holder, link } = fixture;
    const credentials = [{ origin: "https://forge.example", username: "ada", password: "s3cret" }];
    holder.answer = ({ op }) =>
      op === "keep-credentials" ? { ok: false, code: "invalid", message: "no such op" } : { ok: true, result: {} };
    await link.untilHere();
    expect(link.welcome()?.protocol).toBe(1);
    await open().keepCredentials("repository", credentials);
    expect(holder.askedFor("keep-credentials")).toEqual([]);
  });

  test("the host's state is the link's", async () => {
    const { link } = fixture;
    await link.untilHere();
    expect(linkHostState(link)).toMatchObject({ kind: "reachable", seenAt: expect.any(Date) });
    const states: string[] = [];
    link.onState(() => states.push(linkHostState(link).kind));
    fixture.holder.drop();
    await soon(() => expect(states).toEqual(["unreachable", "reachable"]));
  });
});
