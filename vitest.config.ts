import os from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    include: ["server/**/*.test.ts", "components/**/*.test.ts", "components/**/*.test.tsx", "scripts/**/*.test.ts"],
    environment: "node",
    setupFiles: ["vitest.setup.ts"],
    // Longer than what a test waits for at the most (vitest.setup.ts), so that the wait itself says what did not come.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Much of it waits for pods and forges: one worker on two cores leaves both idle.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
  },
});
