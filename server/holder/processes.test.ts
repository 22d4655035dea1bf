import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TestHolder, type TestLink, textOf } from "./testing/test-holder";

let holder: TestHolder;
let link: TestLink;
beforeAll(async () => {
  holder = await TestHolder.started();
  link = await holder.link();
});
afterAll(() => holder.close());

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

test("what a program prints comes numbered from 0, and its exit after it", async () => {
  const state = await link.shell("print", ["sh", "-c", "printf hello; exit 3"]);
  const seen = link.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  expect(textOf(seen)).toBe("hello");
  expect(seen.records.at(-1)).toEqual({
    kind: "exit",
    offset: 5,
    exit: { code: 3, signal: null, reason: "exited" },
  });
});

test("keys reach the program once, and are acknowledged", async () => {
  const state = await link.shell("keys", ["cat"]);
  const seen = link.follow(state);
  link.type(state, "one\n", 0);
  link.type(state, "one\ntwo\n", 0);
  await until(() => expect(textOf(seen)).toContain("two\r\ntwo\r\n"));
  expect(textOf(seen)).toBe("one\r\none\r\ntwo\r\ntwo\r\n");
  expect(link.acks.filter(({ handle }) => handle === state.handle).at(-1)?.position).toBe(8);
  await link.ask({ op: "kill", processId: "keys", graceMs: 100 });
});

test("a command runs with its input and gives both streams and its code", async () => {
  const ran = await link.run(["/bin/sh", "-c", "cat; echo bad >&2; exit 4"], { input: "in" });
  expect(ran).toMatchObject({ code: 4, stdout: "in", stderr: "bad\n", timedOut: false });
});
