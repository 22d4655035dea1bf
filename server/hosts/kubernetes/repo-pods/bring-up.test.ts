import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { quietLog } from "../../testing/link-fixture";
import { BringUp } from "./bring-up";

const pace = { firstRetryMs: 1, maxRetryMs: 4, seenMs: 4, unknownMs: 4 };
/** Ten times what any wait of that pace takes. */
const longMs = 40;
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A cluster that says what it is told to. */
function open() {
  const cluster = { isUp: false as boolean | "unknown", applied: 0, refuses: null as string | null, changes: 0 };
  const bringUp = new BringUp({
    isUp: () => cluster.isUp,
    async apply() {
      cluster.applied += 1;
      if (cluster.refuses !== null) throw new Error(cluster.refuses);
    },
    changed: () => {
      cluster.changes += 1;
    },
    ...{ log: quietLog, pace },
  });
  closings.push(() => bringUp.stop());
  return { cluster, bringUp };
}

describe("the wish that a pod comes up", () => {
  test("is of no effect on one that is", () => {
    const { cluster, bringUp } = open();
    cluster.isUp = true;
    bringUp.want();
    expect([cluster.applied, bringUp.state()]).toEqual([0, null]);
  });

  test("is over when the cluster tells that it is up, however often it was wanted", async () => {
    const { cluster, bringUp } = open();
    bringUp.want();
    bringUp.want();
    expect([cluster.applied, bringUp.state()?.trouble]).toEqual([1, null]);
    cluster.isUp = true;
    bringUp.look();
    await vi.waitFor(() => expect(bringUp.state()).toBeNull());
    expect(cluster.applied).toBe(1);
  });

  test("[I1] makes nothing while it is not known whether there is one", async () => {
    const { cluster, bringUp } = open();
    cluster.isUp = "unknown";
    bringUp.want();
    await sleep(longMs);
    expect([cluster.applied, bringUp.state()?.trouble]).toEqual([0, null]);
    cluster.isUp = false;
    bringUp.look();
    await vi.waitFor(() => expect(cluster.applied).toBeGreaterThan(0));
  });

  test("tells what refuses it, tries again, and forgets the trouble when it is over", async () => {
    const { cluster, bringUp } = open();
    cluster.refuses = "exceeded quota";
    bringUp.want();
    await vi.waitFor(() => expect(bringUp.state()?.trouble).toBe("exceeded quota"));
    await vi.waitFor(() => expect(cluster.applied).toBeGreaterThan(5));
    const { changes } = cluster;
    cluster.refuses = null;
    await vi.waitFor(() => expect(bringUp.state()?.trouble).toBeNull());
    expect(cluster.changes).toBe(changes + 1);
  });

  test("that is given up makes nothing more", async () => {
    const { cluster, bringUp } = open();
    cluster.refuses = "no";
    bringUp.want();
    await bringUp.stop();
    const { applied } = cluster;
    await sleep(longMs);
    expect([cluster.applied, bringUp.state()]).toEqual([applied, null]);
  });

  test("is told again where what was made is not seen", async () => {
    const { cluster, bringUp } = open();
    bringUp.want();
    await vi.waitFor(() => expect(cluster.applied).toBeGreaterThan(1));
  });
});
