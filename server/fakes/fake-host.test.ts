import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostContract } from "../sessions/host.contract";
import { createFakeHost } from "./fake-host";

async function open() {
  const root = await realpath(await mkdtemp(join(tmpdir(), "trellis-fake-host-")));
  const host = await createFakeHost(root);
  return {
    host,
    start: async (sessionId: string, argv: string[]) => void host.start(sessionId, argv),
    async close() {
      host.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

hostContract("the fake host", open);

describe("the fake host", () => {
  test("away, it rejects as unavailable", async () => {
    const { host, close } = await open();
    host.setState({ kind: "unreachable", since: new Date(), reason: "the test says so" });
    await expect(host.run(["true"])).rejects.toMatchObject({ code: "unavailable" });
    await expect(host.programs("any")).rejects.toMatchObject({ code: "unavailable" });
    await close();
  });

  test("a stubborn program stays", async () => {
    const { host, close } = await open();
    const program = { pid: 1, command: "vim", terminalId: null, startedAt: null };
    host.addProgram("session", { ...program, stubborn: true });
    expect(await host.stopPrograms("session", 10)).toEqual([program]);
    await close();
  });
});
