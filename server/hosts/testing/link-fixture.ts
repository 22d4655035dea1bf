import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Log } from "../../kit/log";
import type { HolderRequest, HolderResponse } from "../../protocol/holder-protocol";
import { HolderLink } from "../link/holder-link";
import type { LinkTimings } from "../link/timings";
import { createPtyHost } from "../pty-host";
import { ScriptedHolder, scriptedState } from "./scripted-holder";

/** Fast enough for a test: nothing here asserts how long a wait was. */
export const testTimings: Partial<LinkTimings> = {
  ...{ firstRetryMs: 5, maxRetryMs: 20, refusedRetryMs: 60_000, awayMs: 10_000, answerMs: 30_000 },
};

export const quietLog: Log = {
  ...{ debug() {}, info() {}, warn() {}, error: vi.fn() },
  child: () => quietLog,
};

/** Of a holder that acknowledges only what a test tells it to: what it was sent must not depend on how long that takes. */
const neverAgain: Partial<LinkTimings> = { firstResendMs: 3_600_000, maxResendMs: 3_600_000 };

/** A link to a scripted holder that knows one program: process `p`, epoch `e`, handle 7. */
export async function openLinkFixture(timings: Partial<LinkTimings> = {}, protocols: readonly number[] = [1]) {
  const directory = await mkdtemp(join(tmpdir(), "trellis-link-"));
  const path = join(directory, "holder.sock");
  const holder = await ScriptedHolder.listen(path);
  holder.answer = knowsOneProgram;
  const link = new HolderLink({
    connect: async () => connect(path),
    serverNumber: 5,
    protocols,
    timings: { ...testTimings, ...neverAgain, ...timings },
    log: quietLog,
  });
  const ptys = createPtyHost(link, { environment: { LOGIN: "yes" }, log: quietLog });
  return {
    ...{ holder, link, ptys },
    async close() {
      await link.close();
      await holder.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function knowsOneProgram(request: HolderRequest): HolderResponse {
  if (request.op === "find") return { ok: true, result: { process: scriptedState() } };
  return { ok: true, result: request.op === "open-pty" || request.op === "subscribe" ? scriptedState() : {} };
}

/** Polls until the check holds; the limit is for a broken program, not for a slow machine. */
export const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check);
