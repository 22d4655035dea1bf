import { expect, test } from "vitest";
import { Lifecycle } from "./lifecycle";

test("cleanups run newest first, once, and one that fails does not spare the rest", async () => {
  const lifecycle = new Lifecycle();
  const closed: string[] = [];
  lifecycle.onClose("store", () => void closed.push("store"));
  lifecycle.onClose("broken", () => {
    throw new Error("broken");
  });
  lifecycle.onClose("sockets", async () => void closed.push("sockets"));
  const closing = lifecycle.close();
  expect(lifecycle.signal.aborted).toBe(true);
  await expect(closing).rejects.toThrow("shutdown was not clean");
  await expect(lifecycle.close()).rejects.toThrow("shutdown was not clean");
  expect(closed).toEqual(["sockets", "store"]);
});

test("a cleanup that never ends is left behind at the deadline and named", async () => {
  const lifecycle = new Lifecycle(20);
  const closed: string[] = [];
  lifecycle.onClose("store", () => void closed.push("store"));
  lifecycle.onClose("stuck", () => new Promise(() => {}));
  const failure = await lifecycle.close().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(String((failure as AggregateError).errors[0])).toContain("closing stuck took too long");
  expect(closed).toEqual(["store"]);
});
