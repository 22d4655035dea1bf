import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { holderFrame } from "../../protocol/holder-protocol";
import type { PtyEvent } from "../../terminals/pty-host";
import { Seen } from "../../terminals/pty-host.contract";
import { knowsOneProgram, openLinkFixture, soon } from "../testing/link-fixture";
import { scriptedState } from "../testing/scripted-holder";

let fixture: Awaited<ReturnType<typeof openLinkFixture>>;
beforeEach(async () => {
  fixture = await openLinkFixture();
});
afterEach(() => fixture.close());

const program = { processId: "p", epoch: "e", offset: 0 };
const bytesOf = (text: string) => new TextEncoder().encode(text);
const type = (position: number, text: string, clientId = "c") =>
  fixture.ptys.write("p", "e", { clientId, position, bytes: bytesOf(text) });

/** The id of the newest subscription, once there are `count` of them. */
async function subscription(count = 1): Promise<number> {
  await soon(() => expect(fixture.holder.askedFor("subscribe")).toHaveLength(count));
  return fixture.holder.askedFor("subscribe").at(-1)?.id ?? 0;
}

describe("subscriptions over a link", () => {
  test("go on after a drop from the exact next byte, and what comes twice is cut off", async () => {
    const { holder, ptys } = fixture;
    const seen = new Seen(ptys, program);
    holder.output(await subscription(), 0, "0123456");
    await soon(() => expect(seen.text).toBe("0123456"));
    holder.drop();
    const again = await subscription(2);
    expect(holder.asked.at(-1)?.request).toMatchObject({ op: "subscribe", offset: 7 });
    holder.output(again, 4, "456789");
    holder.output(again, 2, "23");
    holder.sendJson(holderFrame.record, again, { kind: "resized", offset: 3, cols: 1, rows: 1 });
    holder.output(again, 10, "ab");
    await soon(() => expect(seen.text).toBe("0123456789ab"));
    expect(seen.broken).toEqual([]);
    expect(seen.records.every((record) => record.kind === "output")).toBe(true);
  });

  test("bytes that are gone are told as a gap", async () => {
    const seen = new Seen(fixture.ptys, program);
    const id = await subscription();
    fixture.holder.sendJson(holderFrame.record, id, { kind: "gap", from: 0, to: 100 });
    fixture.holder.output(id, 100, "here");
    await soon(() => expect(seen.text).toBe("here"));
    expect(seen.records[0]).toEqual({ kind: "gap", from: 0, to: 100 });
  });

  test("a hole that nobody declared drops the link, and nothing past it is given", async () => {
    const { holder, ptys } = fixture;
    const seen = new Seen(ptys, program);
    holder.output(await subscription(), 0, "01");
    holder.output(await subscription(), 5, "56");
    const again = await subscription(2);
    expect(holder.asked.at(-1)?.request).toMatchObject({ offset: 2 });
    holder.output(again, 2, "23456");
    await soon(() => expect(seen.text).toBe("0123456"));
    expect(seen.broken).toEqual([]);
  });

  test("bytes are acknowledged as they are handed over", async () => {
    const { holder, ptys } = fixture;
    const seen = new Seen(ptys, program);
    const id = await subscription();
    for (let at = 0; at < 10; at += 1) holder.output(id, at * 10_000, "x".repeat(10_000));
    await soon(() => expect(seen.text).toHaveLength(100_000));
    await soon(() => expect(holder.acks.at(-1)).toEqual({ stream: id, offset: 100_000 }));
  });

  test("a program that the next holder does not know is lost", async () => {
    const { holder, ptys } = fixture;
    const seen = new Seen(ptys, program);
    await subscription();
    holder.holderId = "holder-2";
    holder.answer = () => ({ ok: false, code: "unknown-process", message: "no such process" });
    holder.drop();
    await soon(() => expect(seen.lost).toEqual(["no such process"]));
  });

  test("a program that the next holder only knows the end of is given that end", async () => {
    const { holder, ptys } = fixture;
    const seen = new Seen(ptys, program);
    await subscription();
    holder.holderId = "holder-2";
    holder.drop();
    const exit = { code: null, signal: null, reason: "lost" };
    holder.sendJson(holderFrame.record, await subscription(2), { kind: "exit", offset: 0, exit });
    await soon(() => expect(seen.last).toEqual({ kind: "exit", offset: 0, exit }));
    holder.drop();
    await soon(() => expect(holder.hellos).toBe(3));
    await ptys.find("p");
    expect(holder.askedFor("subscribe")).toHaveLength(2);
  });

  test("a holder that is busy is asked again: that is no word about the program", async () => {
    const { holder, ptys } = fixture;
    let asked = 0;
    holder.answer = (request) => {
      asked += 1;
      return asked === 1 ? { ok: false, code: "busy", message: "later" } : knowsOneProgram(request);
    };
    const seen = new Seen(ptys, program);
    await soon(() => expect(holder.askedFor("subscribe")).toHaveLength(2));
    holder.output(await subscription(2), 0, "now");
    await soon(() => expect(seen.text).toBe("now"));
    expect(seen.lost).toEqual([]);
  });

  test("events reach who listens to that program, and one listener's failure is not another's", async () => {
    const { holder, ptys } = fixture;
    const events: PtyEvent[] = [];
    const listener = { onRecord() {}, onInputAck() {}, onLost() {} };
    const from = { offset: 0, windowBytes: 65_536 };
    ptys.subscribe("p", "e", from, {
      ...listener,
      onEvent: () => {
        throw new Error("a bug of this listener");
      },
    });
    ptys.subscribe("p", "e", from, { ...listener, onEvent: (event) => events.push(event) });
    await subscription(2);
    await ptys.find("p");
    holder.sendJson(holderFrame.event, 7, { kind: "title", title: "vim" });
    holder.sendJson(holderFrame.event, 8, { kind: "bell" });
    await soon(() => expect(events).toEqual([{ kind: "title", title: "vim" }]));
  });
});

describe("input over a link", () => {
  test("is sent once the program's handle is known, and once only", async () => {
    const { holder } = fixture;
    type(0, "ab");
    type(2, "cd");
    await soon(() => expect(holder.typed.map((typed) => typed.text).join("")).toBe("abcd"));
    type(4, "e");
    type(2, "cde");
    await soon(() => expect(holder.typed.at(-1)).toEqual({ handle: 7, clientId: "c", position: 4, text: "e" }));
  });

  test("what was not acknowledged is sent again after a drop, and nothing else", async () => {
    const { holder, ptys } = fixture;
    const seen = new Seen(ptys, program);
    await subscription();
    type(0, "abcdef");
    await soon(() => expect(holder.typed).toHaveLength(1));
    holder.inputAck(7, "c", 4);
    await soon(() => expect(seen.acks).toEqual([{ clientId: "c", position: 4 }]));
    holder.typed.length = 0;
    const away = new Promise<void>((resolve) => fixture.link.onState(() => resolve()));
    holder.drop();
    await away;
    type(6, "gh");
    await soon(() => expect(holder.typed.map((typed) => typed.text).join("")).toBe("efgh"));
    expect(holder.typed[0]?.position).toBe(4);
  });

  test("input for a program of a holder that died is not typed into another one", async () => {
    const { holder, link, ptys } = fixture;
    await ptys.find("p");
    type(0, "rm -rf\n");
    await soon(() => expect(holder.typed).toHaveLength(1));
    holder.holderId = "holder-2";
    holder.drop();
    await soon(() => expect(holder.hellos).toBe(2));
    await soon(() => expect(link.state().kind).toBe("here"));
    await ptys.find("p");
    type(7, "ls");
    await soon(() => expect(holder.typed.at(-1)?.text).toBe("ls"));
    expect(holder.typed).toHaveLength(2);
  });

  test("a holder that let input fall is sent it again", async () => {
    await fixture.close();
    fixture = await openLinkFixture({ firstResendMs: 20 });
    const { holder } = fixture;
    type(0, "ab");
    await soon(() => expect(holder.typed.length).toBeGreaterThan(1));
    const sent = { handle: 7, clientId: "c", position: 0, text: "ab" };
    expect(holder.typed).toEqual(holder.typed.map(() => sent));
    holder.inputAck(7, "c", 2);
  });

  test("a bounded part of a client's input waits; more is refused, and another client's is not", async () => {
    const { holder } = fixture;
    type(0, "x".repeat(1280 * 1024));
    expect(() => type(1280 * 1024, "y")).toThrow(expect.objectContaining({ code: "too-many" }));
    type(1216 * 1024, "x".repeat(64 * 1024)); // sent again: nothing new to keep
    type(0, "z", "another");
    await soon(() => expect(holder.typed.at(-1)).toMatchObject({ clientId: "another", text: "z" }));
    expect(Math.max(...holder.frames.map((frame) => frame.payload.length))).toBeLessThanOrEqual(16 * 1024);
    expect(holder.typed.map((typed) => typed.text.length).reduce((a, b) => a + b)).toBe(1280 * 1024 + 1);
  });
});

describe("requests about programs", () => {
  test("a start carries the login environment and the caller's", async () => {
    const { holder, ptys } = fixture;
    await ptys.open({
      ...{ processId: "p", sessionId: "s", command: null, cwd: "/", cols: 80, rows: 24 },
      env: { A: "1" },
    });
    expect(holder.askedFor("open-pty")[0]?.request).toMatchObject({ env: { LOGIN: "yes", A: "1" } });
  });

  test("a log slice that skips bytes without saying so is not believed", async () => {
    const { holder, ptys } = fixture;
    holder.answer = (request) => (request.op === "read-log" ? undefined : knowsOneProgram(request));
    const read = ptys.readLog("p", "e", 10, 100);
    await soon(() => expect(holder.askedFor("read-log")).toHaveLength(1));
    holder.output(holder.asked.at(-1)?.id ?? 0, 20, "too far");
    await expect(read).rejects.toThrow("missing");
  });

  test("another epoch is a conflict, an unknown process is not found", async () => {
    const { holder, ptys } = fixture;
    holder.answer = () => ({ ok: false, code: "other-epoch", message: "started again" });
    await expect(ptys.snapshot("p", "e")).rejects.toMatchObject({ code: "conflict" });
    holder.answer = () => ({ ok: false, code: "unknown-process", message: "none" });
    await expect(ptys.inputOffset("p", "e", "c")).rejects.toMatchObject({ code: "not-found" });
    holder.answer = () => ({ ok: true, result: { process: null } });
    expect(await ptys.find("p")).toBeNull();
  });

  test("states are told without what only the link needs", async () => {
    expect(await fixture.ptys.find("p")).toEqual({
      ...{ epoch: "e", cols: 80, rows: 24, tailOffset: 0, headOffset: 0, pid: 1, title: null, cwd: null, exit: null },
    });
    expect(scriptedState().handle).toBe(7);
  });
});
