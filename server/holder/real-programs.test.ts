import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ProcessState } from "../protocol/holder-protocol";
import { TestHolder, type TestLink, textOf } from "./testing/test-holder";

let holder: TestHolder;
let link: TestLink;
beforeAll(async () => {
  holder = await TestHolder.started();
  link = await holder.link();
});
afterAll(() => holder.close());
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 20 });

function typist(state: ProcessState) {
  let position = 0;
  return (text: string) => {
    link.type(state, text, position);
    position += text.length;
  };
}

test("Ctrl-C ends a flood, and the shell goes on", async () => {
  const state = await link.shell("flood", ["bash", "--norc", "--noprofile", "-i"]);
  const seen = link.follow(state);
  const type = typist(state);
  await until(() => expect(textOf(seen)).toContain("$ "));
  type("yes\n");
  await until(() => expect(seen.length).toBeGreaterThan(500_000));
  type("\x03");
  type("echo back-$((40 + 2))\n");
  await until(() => expect(textOf({ bytes: seen.bytes.slice(-20) })).toContain("back-42\r\n"));
  await link.ask({ op: "kill", processId: "flood", graceMs: 500 });
});

const vim = ["/usr/bin/vim", "/usr/local/bin/vim"].find(existsSync);
test.skipIf(vim === undefined)(
  "vim edits a file; its screen is in the snapshot, and the shell's behind it",
  async () => {
    const file = join(holder.dir, "edited.txt");
    const state = await link.shell("vim", ["bash", "--norc", "--noprofile", "-i"]);
    const seen = link.follow(state);
    const type = typist(state);
    await until(() => expect(textOf(seen)).toContain("$ "));
    type(`echo first; ${vim} -u NONE -N ${file}\n`);
    const screen = async () => (await link.snapshot(state)).bytes.toString();
    await until(async () => expect(await screen()).toContain("\x1b[?1047h"));
    type("isecond line");
    await until(async () => expect(await screen()).toContain("second line"));
    expect(await screen()).toContain("first");
    await link.ask({ op: "resize", processId: "vim", epoch: state.epoch, cols: 60, rows: 15 });
    await until(async () => expect(await link.snapshot(state)).toMatchObject({ cols: 60, rows: 15 }));
    type("\x1b:wq\n");
    // The file is there before vim is gone, and until then what is typed is vim's: the shell's prompt tells.
    await until(() => expect(textOf(seen)).toMatch(/\$ $/));
    type("exit 5\n");
    await until(() => expect(seen.records.at(-1)).toMatchObject({ kind: "exit", exit: { code: 5 } }));
    expect(readFileSync(file, "utf8")).toBe("second line\n");
    expect(await screen()).not.toContain("\x1b[?1047h");
  },
);
