import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildHolder } from "../../scripts/build-holder.mjs";
import type { PtyEventMessage } from "../protocol/holder-protocol";
import { Emulators } from "./emulators";

let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulators-"));
  await buildHolder(join(dir, "program"));
});
afterAll(() => rmSync(dir, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const noLimit = new AbortController().signal;

function opened(emulators: Emulators) {
  const port = emulators.open();
  const seen = { parsed: 0, events: [] as PtyEventMessage[], behind: [] as boolean[] };
  port.start({
    ...{ offset: 0, cols: 80, rows: 24 },
    onParsed: (offset) => {
      seen.parsed = offset;
    },
    onEvent: (event) => seen.events.push(event),
    onBehind: (behind) => seen.behind.push(behind),
  });
  return { port, seen };
}

test("a screen that falls 32 MiB behind says so, and again when it has caught up; nothing is left out", async () => {
  const emulators = new Emulators(() => {}, pathToFileURL(join(dir, "program/emulator-worker.mjs")));
  const { port, seen } = opened(emulators);
  const line = bytes(`${"x".repeat(1022)}\r\n`);
  const chunk = new Uint8Array(64 * 1024);
  for (let at = 0; at < chunk.length; at += line.length) chunk.set(line, at);
  for (let sent = 0; sent < 34 * 16; sent++) port.output(chunk);
  expect(seen.behind).toEqual([true]);
  port.output(bytes("the end"));
  await vi.waitFor(() => expect(seen.behind).toEqual([true, false]));
  const { offset, bytes: screen } = await port.snapshot(noLimit);
  expect(offset).toBe(34 * 1024 * 1024 + 7);
  expect(Buffer.from(screen).toString()).toContain("the end");
  port.finish();
  expect(Buffer.compare((await port.snapshot(noLimit)).bytes, screen)).toBe(0);
  await emulators.close();
});

test("a worker that dies holds nobody up: what waited is refused, and the screen begins again", async () => {
  const errors: unknown[] = [];
  const mark = join(dir, "died");
  const worker = join(dir, "program/dying-worker.mjs");
  writeFileSync(
    worker,
    `import { existsSync, writeFileSync } from "node:fs";
     import { parentPort } from "node:worker_threads";
     if (existsSync(${JSON.stringify(mark)})) await import("./emulator-worker.mjs");
     else parentPort.on("message", ({ kind }) => {
       if (kind !== "output") return;
       writeFileSync(${JSON.stringify(mark)}, "");
       throw new Error("out of memory");
     });`,
  );
  const emulators = new Emulators((error) => errors.push(error), pathToFileURL(worker));
  const { port, seen } = opened(emulators);
  port.output(bytes("before"));
  await expect(port.snapshot(noLimit)).rejects.toThrow("was lost");
  expect(errors).toHaveLength(1);
  expect(seen.parsed).toBe(6);
  expect(seen.events).toEqual([{ kind: "warning", message: expect.stringContaining("drawn again") }]);
  port.output(bytes("after"));
  const { offset, bytes: screen } = await port.snapshot(noLimit);
  expect([offset, Buffer.from(screen).toString()]).toEqual([11, "after"]);
  await emulators.close();
});

test("a worker that cannot run at all leaves programs without a screen, not waiting for one", async () => {
  let ends = 0;
  const broken = new URL("data:text/javascript,throw new Error('broken')");
  const emulators = new Emulators(() => ends++, broken);
  const { port, seen } = opened(emulators);
  port.output(bytes("x"));
  await vi.waitFor(() => expect(seen.events.at(-1)).toMatchObject({ message: expect.stringContaining("no screen") }));
  expect(ends).toBe(6);
  for (let sent = 0; sent < 40; sent++) port.output(new Uint8Array(1024 * 1024));
  expect(seen.behind).toEqual([]);
  await expect(port.snapshot(noLimit)).rejects.toThrow("no screen is kept");
  await emulators.close();
});
