import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { IdempotencyStore } from "./idempotency-store";

const hourMs = 60 * 60 * 1000;

export function idempotencyStoreContract(
  name: string,
  open: () => { idempotency: IdempotencyStore; clock: { at: Date } },
): void {
  describe(`idempotency in ${name}`, () => {
    test("a repeat gets the first answer, another request under the key does not, another user starts anew", async () => {
      const { idempotency } = open();
      const [user, key] = [randomUUID(), "key"];
      expect(await idempotency.claim(user, key, "hash")).toEqual({ kind: "new" });
      expect(await idempotency.claim(user, key, "hash")).toEqual({ kind: "pending" });
      expect(await idempotency.claim(user, key, "other")).toEqual({ kind: "other-request" });
      const answer = { status: 201, body: { id: "1", list: [null, "ü"] } };
      await idempotency.finish(user, key, answer);
      expect(await idempotency.claim(user, key, "hash")).toEqual({ kind: "answered", answer });
      expect(await idempotency.claim(user, key, "other")).toEqual({ kind: "other-request" });
      expect(await idempotency.claim(randomUUID(), key, "hash")).toEqual({ kind: "new" });
    });

    test("an answer without a body is repeated without one", async () => {
      const { idempotency } = open();
      const user = randomUUID();
      await idempotency.claim(user, "key", "hash");
      await idempotency.finish(user, "key", { status: 204, body: null });
      const claim = await idempotency.claim(user, "key", "hash");
      expect(claim).toEqual({ kind: "answered", answer: { status: 204, body: null } });
    });

    test("a request that was given up may be made again; an answer is never given up", async () => {
      const { idempotency } = open();
      const user = randomUUID();
      await idempotency.claim(user, "key", "hash");
      await idempotency.abandon(user, "key");
      expect(await idempotency.claim(user, "key", "hash")).toEqual({ kind: "new" });
      await idempotency.finish(user, "key", { status: 200, body: 1 });
      await idempotency.abandon(user, "key");
      expect(await idempotency.claim(user, "key", "hash")).toMatchObject({ kind: "answered" });
    });

    test("of 50 with one key at the same time one carries it out", async () => {
      const { idempotency } = open();
      const user = randomUUID();
      const claims = await Promise.all(Array.from({ length: 50 }, () => idempotency.claim(user, "key", "hash")));
      expect(claims.filter(({ kind }) => kind === "new")).toHaveLength(1);
      expect(claims.filter(({ kind }) => kind === "pending")).toHaveLength(49);
    });

    test("answers are kept for 24 h and not longer, swept or not", async () => {
      const { idempotency, clock } = open();
      const user = randomUUID();
      const from = clock.at.getTime();
      for (const key of ["asked", "swept"]) {
        await idempotency.claim(user, key, "hash");
        await idempotency.finish(user, key, { status: 200, body: key });
      }
      clock.at = new Date(from + 24 * hourMs - 1);
      await idempotency.sweep();
      expect(await idempotency.claim(user, "swept", "hash")).toMatchObject({ kind: "answered" });
      clock.at = new Date(from + 24 * hourMs);
      expect(await idempotency.claim(user, "asked", "other")).toEqual({ kind: "new" });
      await idempotency.sweep();
      expect(await idempotency.claim(user, "swept", "other")).toEqual({ kind: "new" });
    });

    test("a request that a crash cut off does not hold its key for ever: of 50 that come back one goes on", async () => {
      const { idempotency, clock } = open();
      const user = randomUUID();
      await idempotency.claim(user, "key", "hash");
      clock.at = new Date(clock.at.getTime() + 10 * 60 * 1000);
      const claims = await Promise.all(Array.from({ length: 50 }, () => idempotency.claim(user, "key", "hash")));
      expect(claims.filter(({ kind }) => kind === "new")).toHaveLength(1);
    });
  });
}
