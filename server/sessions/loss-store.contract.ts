import { describe, expect, test } from "vitest";
import type { Loss, LossLook } from "../domain/loss";
import { type OpenStores, seed } from "../store/testing/contract-stores";
import { lossLookMs } from "./session-store";

const loss: Loss = {
  branches: {
    state: "known",
    value: [{ branch: null, head: "abc", commitsOnNoRemote: { count: 2, commits: [{ sha: "abc", subject: "Löss" }] } }],
  },
  changed: { state: "known", value: { count: 1, bytes: null, names: [{ path: "a b", bytes: 3 }] } },
  untracked: { state: "unknown", reason: "git status took too long" },
  ignored: { state: "known", value: { count: 0, bytes: 2 ** 41, names: [] } },
  stashes: { state: "known", value: [{ ref: "stash@{0}", sha: "def", message: "wip", branch: null }] },
  operation: { state: "known", value: null },
  submodules: { state: "known", value: [{ path: "lib", reason: "2 commits on no remote" }] },
  nestedRepositories: { state: "known", value: [] },
  programs: { state: "known", value: [{ pid: 7, command: "vim", terminalId: null, startedAt: 1_700_000_000_123 }] },
  turns: { state: "known", value: [] },
};

export function lossStoreContract(name: string, open: OpenStores): void {
  describe(`loss looks in ${name}`, () => {
    test("[I1] a look comes back as it was seen, its unknowns too, and only for its session", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const look: LossLook = { token: `t-${session.id}`, sessionId: session.id, loss, seenAt: stores.clock.at };
      await stores.losses.put(look);
      expect(await stores.losses.get(session.id, look.token)).toEqual(look);
      expect(await stores.losses.get("another", look.token)).toBeNull();
      expect(await stores.losses.get(session.id, "another")).toBeNull();
    });

    test("a token is good for 24 h and not longer", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const seenAt = stores.clock.at;
      const look: LossLook = { token: `t-${session.id}`, sessionId: session.id, loss, seenAt };
      await stores.losses.put(look);
      stores.clock.at = new Date(seenAt.getTime() + lossLookMs - 1);
      expect(await stores.losses.get(session.id, look.token)).toEqual(look);
      stores.clock.at = new Date(seenAt.getTime() + lossLookMs);
      expect(await stores.losses.get(session.id, look.token)).toBeNull();
    });
  });
}
