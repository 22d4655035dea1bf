import { vi } from "vitest";

const waitFor = vi.waitFor;
/** A limit is for what never comes: a busy machine may take longer than the runner's one second for what does. */
vi.waitFor = (callback, options = 15_000) => waitFor(callback, options);
