import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { holderFrame } from "../../protocol/holder-protocol";
import { openLinkFixture, quietLog, soon } from "../testing/link-fixture";
import type { LinkTimings } from "./timings";

let fixture: Awaited<ReturnType<typeof openLinkFixture>>;
const open = async (timings: Partial<LinkTimings> = {}) => {
  fixture = await openLinkFixture(timings);
  return fixture;
};
afterEach(() => fixture.close());

const unavailable = { code: "unavailable" };

describe("the link to a holder", () => {
  test("says hello with the server's number, and is here at the welcome", async () => {
    const { holder, link } = await open();
    await soon(() => expect(link.state().kind).toBe("here"));
    expect(JSON.parse(Buffer.from(holder.frames[0]?.payload ?? []).toString())).toEqual({
      protocol: 1,
      serverNumber: 5,
    });
    expect(link.welcome()).toMatchObject({ holderId: "holder-1", version: "scripted" });
  });

  test("comes back after every drop", async () => {
    const { holder, link } = await open();
    for (const hellos of [1, 2, 3]) {
      await soon(() => expect(holder.hellos).toBe(hellos));
      await soon(() => expect(link.state().kind).toBe("here"));
      holder.drop();
    }
    const { process } = await soon(() => link.request<"find">({ op: "find", processId: "p" }));
    expect(process?.epoch).toBe("e");
  });

  test("one that is told to hurry does not wait for its next attempt", async () => {
    const { holder, link } = await open({ firstRetryMs: 3_600_000, maxRetryMs: 3_600_000 });
    await soon(() => expect(link.state().kind).toBe("here"));
    holder.drop();
    await soon(() => expect(link.state().kind).toBe("away"));
    await soon(() => {
      link.hurry();
      expect(link.state().kind).toBe("here");
    });
    expect(holder.hellos).toBe(2);
  });

  test("a request whose answer a drop cut off is rejected: nobody knows whether it was done", async () => {
    const { holder, link } = await open();
    holder.answer = () => undefined;
    const asked = link.request<"list">({ op: "list" });
    await soon(() => expect(holder.asked).toHaveLength(1));
    holder.drop();
    await expect(asked).rejects.toMatchObject(unavailable);
    expect(holder.asked).toHaveLength(1);
  });

  test("a request made while the holder is away waits for it", async () => {
    const { holder, link } = await open({ awayMs: 10_000 });
    await soon(() => expect(link.state().kind).toBe("here"));
    holder.mute = true;
    holder.drop();
    await soon(() => expect(link.state().kind).toBe("away"));
    const asked = link.request<"find">({ op: "find", processId: "p" });
    holder.mute = false;
    holder.drop();
    expect((await asked).process?.epoch).toBe("e");
  });

  test("a request is rejected when the holder stays away", async () => {
    const { holder, link } = await open({ awayMs: 50 });
    holder.mute = true;
    holder.drop();
    await soon(() => expect(link.state().kind).toBe("away"));
    await expect(link.request<"list">({ op: "list" })).rejects.toMatchObject(unavailable);
  });

  test("a request that is never answered is rejected", async () => {
    const { holder, link } = await open({ answerMs: 50 });
    holder.answer = () => undefined;
    await expect(link.request<"list">({ op: "list" })).rejects.toMatchObject(unavailable);
  });

  test("an answer that cannot be read is a bug, not an absence", async () => {
    const { holder, link } = await open();
    holder.answer = () => ({ ok: true, result: { process: { epoch: 3 } } });
    await expect(link.request<"find">({ op: "find", processId: "p" })).rejects.toThrow("cannot be read");
  });

  test("a holder that falls silent is dropped and asked anew", async () => {
    const { holder, link } = await open({ pingMs: 20, silenceMs: 60, connectMs: 200 });
    await soon(() => expect(link.state().kind).toBe("here"));
    holder.mute = true;
    await soon(() => expect(link.state()).toMatchObject({ kind: "away", reason: expect.stringMatching("silent") }));
    holder.mute = false;
    await soon(() => expect(link.state().kind).toBe("here"));
    expect(holder.frames.some((frame) => frame.type === holderFrame.ping)).toBe(true);
  });

  test("a refusal is final: its reason is the state and in the log once, and requests do not wait", async () => {
    const { holder, link } = await open({ refusedRetryMs: 5 });
    const told: unknown[] = [];
    const warned = vi.spyOn(quietLog, "warn").mockImplementation((message, fields) => {
      if (message.includes("refuses")) told.push(fields?.reason);
    });
    onTestFinished(() => warned.mockRestore());
    holder.refuses = "A newer server has this holder.";
    holder.drop();
    await soon(() => expect(link.refused()).toBe(true));
    await soon(() => expect(holder.hellos).toBeGreaterThan(4));
    const reason = "A newer server has this holder.";
    expect(link.state()).toMatchObject({ kind: "away", reason });
    await expect(link.request<"list">({ op: "list" })).rejects.toThrow(reason);
    expect(told).toEqual([reason]);
  });

  test("an older holder is spoken to in its own protocol", async () => {
    fixture = await openLinkFixture({}, [3, 2, 1]);
    const { holder, link } = fixture;
    await soon(() => expect(link.state().kind).toBe("here"));
    expect(holder.hellos).toBe(3);
    expect(link.welcome()?.protocol).toBe(1);
  });

  test("a holder that has none of this server's protocols is a refusal that says what to do", async () => {
    const { holder, link } = await open();
    holder.speaks = 99;
    holder.drop();
    await soon(() => expect(link.refused()).toBe(true));
    expect(link.state()).toMatchObject({ kind: "away", reason: expect.stringContaining("npm run stop-all") });
  });

  test("a peer that speaks something else is dropped, not believed", async () => {
    const { holder, link } = await open();
    await soon(() => expect(link.state().kind).toBe("here"));
    holder.send(0xff, 0xffffffff, new Uint8Array(5 * 1024 * 1024));
    await soon(() => expect(holder.hellos).toBeGreaterThan(1));
    await soon(() => expect(link.state().kind).toBe("here"));
  });

  test("a reader's failure is its own: the link comes back, and others are told", async () => {
    const { holder, link } = await open();
    const told: string[] = [];
    link.onState(() => {
      throw new Error("a bug of this reader");
    });
    link.onState((state) => told.push(state.kind));
    await soon(() => expect(told).toEqual(["here"]));
    holder.drop();
    await soon(() => expect(told).toEqual(["here", "away", "here"]));
  });

  test("a request too large for a frame is refused, and the link stays", async () => {
    const { holder, link } = await open();
    await link.untilHere();
    const processId = "x".repeat(5 * 1024 * 1024);
    await expect(link.request<"find">({ op: "find", processId })).rejects.toMatchObject({ code: "too-large" });
    expect([link.isHere(), holder.hellos]).toEqual([true, 1]);
  });

  test("a closed link stays closed", async () => {
    const { holder, link } = await open();
    await soon(() => expect(link.state().kind).toBe("here"));
    await link.close();
    await expect(link.request<"list">({ op: "list" })).rejects.toMatchObject(unavailable);
    expect(holder.hellos).toBe(1);
  });
});
