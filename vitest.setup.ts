import { vi } from "vitest";

const waitFor = vi.waitFor;
/**
 * A limit is for what never comes: a busy machine may take far longer than the runner's one second for what does.
 * Tests name a limit of their own only where it is longer.
 */
const patienceMs = 60_000;
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === "number" ? options : { timeout: patienceMs, ...options });
