import { expect, test } from "vitest";
import type { ContractForge } from "./testing/contract-forge";

/** What every adapter does while its forge is away, full, or takes its token no more; `open` opens a pull request. */
export function contractInTrouble(ground: () => ContractForge, open: () => Promise<unknown>): void {
  test("[I1] a forge in trouble is no fact about anything: it is told, and not called gone", async () => {
    const { path } = ground();
    const answering =
      (status: number, headers: Record<string, string> = {}): typeof fetch =>
      async () =>
        new Response(JSON.stringify({ message: "Word." }), { status, headers });
    const look = (fetch: typeof globalThis.fetch, limitMs = 5_000) =>
      ground().client({ fetch, limitMs }).listPulls(path, { cursor: null, full: true, pending: [] });
    await expect(look(answering(503))).rejects.toMatchObject({ code: "unavailable" });
    await expect(look(answering(500))).rejects.toMatchObject({ code: "unavailable" });
    await expect(look(answering(200))).rejects.toMatchObject({ code: "unavailable" });
    await expect(look(answering(403))).rejects.toMatchObject({ code: "refused" });
    await expect(look(() => Promise.reject(new TypeError("fetch failed")))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("cannot be reached"),
    });
    const silent: typeof fetch = (_, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    await expect(look(silent, 50)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("did not answer"),
    });
  });

  test("a rate limit is waited for as long as the forge says", async () => {
    const limited: typeof fetch = async () =>
      new Response(JSON.stringify({ message: "slow down" }), { status: 429, headers: { "retry-after": "90" } });
    const slowed = ground().client({ fetch: limited });
    const looked = slowed.listPulls(ground().path, { cursor: null, full: true, pending: [] });
    await expect(looked).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("no more requests"),
    });
    const { remaining, resetsAt } = slowed.budget();
    expect(remaining).toBe(0);
    expect(resetsAt?.getTime()).toBeGreaterThan(Date.now() + 30_000);
  });

  test("a token that is revoked half way is told, and nothing that was open is called gone", async () => {
    let asked = 0;
    const revoked: typeof fetch = (input, init) => {
      asked += 1;
      if (asked === 1) return fetch(input, init);
      const headers = new Headers(init?.headers);
      for (const name of ["authorization", "private-token"]) if (headers.has(name)) headers.set(name, "token revoked");
      return fetch(input, { ...init, headers });
    };
    await open();
    const looked = ground()
      .client({ fetch: revoked })
      .listPulls(ground().path, { cursor: null, full: true, pending: [] });
    await expect(looked).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("token") });
    expect(asked).toBeGreaterThan(1);
  });
}
