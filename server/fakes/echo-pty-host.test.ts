import { describe, expect, test } from "vitest";
import { ptyHostContract, Seen } from "../terminals/pty-host.contract";
import { EchoPtyHost, printAndExit } from "./echo-pty-host";

ptyHostContract("the echoing fake", async () => {
  const ptys = new EchoPtyHost();
  return {
    ...{ ptys, cwd: "/", echo: { command: null, ready: "" }, prints: printAndExit },
    async cut() {
      ptys.drop();
      setTimeout(() => ptys.restore(), 20);
    },
    async close() {},
  };
});

describe("the echoing fake", () => {
  const spec = { processId: "p", sessionId: "s", command: null, cwd: "/", env: {}, cols: 80, rows: 24 };

  test("an overflowed log is told as a gap", async () => {
    const ptys = new EchoPtyHost();
    const { epoch } = await ptys.open(spec);
    ptys.emit("p", "0123456789");
    ptys.overflow("p", 4);
    expect((await ptys.readLog("p", epoch, 0, 100)).records).toMatchObject([
      { kind: "resized", offset: 0, cols: 80 },
      { kind: "gap", from: 0, to: 6 },
      { kind: "output", offset: 6 },
    ]);
    expect(await ptys.find("p")).toMatchObject({ tailOffset: 6, headOffset: 10 });
  });

  test("a program that the holder lost is told as lost", async () => {
    const ptys = new EchoPtyHost();
    const { epoch } = await ptys.open(spec);
    const seen = new Seen(ptys, { processId: "p", epoch, offset: 0 });
    ptys.lose("p", "the holder died");
    expect(seen.lost).toEqual(["the holder died"]);
    expect(await ptys.find("p")).toBeNull();
  });

  test("away, it rejects as unavailable", async () => {
    const ptys = new EchoPtyHost();
    ptys.drop();
    await expect(ptys.find("p")).rejects.toMatchObject({ code: "unavailable" });
  });
});
