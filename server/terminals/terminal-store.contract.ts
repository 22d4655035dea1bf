import { describe, expect, test } from "vitest";
import { sampleSession, sampleTerminal } from "../fakes/sample-rows";
import { type OpenStores, seed } from "../store/testing/contract-stores";
import type { TerminalPatch } from "./terminal-store";

const at = new Date("2026-03-04T05:06:07.089Z");

export function terminalStoreContract(name: string, open: OpenStores): void {
  describe(`terminals in ${name}`, () => {
    test("a row comes back as it was written, offsets beyond 32 bits too", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const terminal = sampleTerminal(session.id, { kind: "setup", command: ["sh", "-c", "echo 'ü'"] });
      await stores.terminals.create(terminal);
      expect(await stores.terminals.get(terminal.id)).toEqual(terminal);
      const patch: TerminalPatch = {
        title: "build",
        programTitle: "vim ü",
        cols: 211,
        epoch: "e1",
        exit: { code: null, signal: "SIGKILL", reason: "lost", at, offset: 2 ** 52 },
        closedAt: at,
      };
      expect(await stores.terminals.update(terminal.id, patch)).toEqual({ ...terminal, ...patch });
      const restarted = await stores.terminals.update(terminal.id, { exit: null, title: null });
      expect(restarted).toEqual({ ...terminal, ...patch, exit: null, title: null });
    });

    test("a session's terminals come as arranged, closed ones too", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const made = [2, 0, 1].map((position) =>
        sampleTerminal(session.id, { position, closedAt: position ? null : at }),
      );
      for (const each of made) await stores.terminals.create(each);
      expect((await stores.terminals.listBySession(session.id)).map(({ position }) => position)).toEqual([0, 1, 2]);
    });

    test("terminals of thousands of sessions are read at once", async () => {
      const stores = open();
      const { repository, session } = await seed(stores);
      const other = sampleSession(repository);
      await stores.sessions.create(other);
      for (const id of [session.id, other.id]) await stores.terminals.create(sampleTerminal(id));
      const unknown = Array.from({ length: 3000 }, (_, at) => `nobody-${at}`);
      const found = await stores.terminals.listBySessions([session.id, ...unknown, other.id]);
      expect(found.map(({ sessionId }) => sessionId).sort()).toEqual([session.id, other.id].sort());
      expect(await stores.terminals.listBySessions([])).toEqual([]);
    });

    test("logs may go only of sessions that ended before then", async () => {
      const stores = open();
      const { repository, session } = await seed(stores);
      const ends = [new Date(at.getTime() - 1), at].map((endedAt) => sampleSession(repository, { endedAt }));
      for (const each of ends) await stores.sessions.create(each);
      const made = [...ends, session].map(({ id }) => sampleTerminal(id));
      for (const each of made) await stores.terminals.create(each);
      const own = new Set(made.map(({ id }) => id));
      const over = (await stores.terminals.listEndedBefore(at)).filter(({ id }) => own.has(id));
      expect(over).toEqual([made[0]]);
    });

    test("one that is gone is null to read and not-found to write; an id twice is a conflict", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const terminal = sampleTerminal(session.id);
      await stores.terminals.create(terminal);
      await expect(stores.terminals.create(terminal)).rejects.toMatchObject({ code: "conflict" });
      expect(await stores.terminals.get("nobody")).toBeNull();
      await expect(stores.terminals.update("nobody", { cols: 1 })).rejects.toMatchObject({ code: "not-found" });
    });
  });
}
