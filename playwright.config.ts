import { defineConfig, devices } from "@playwright/test";

/** The tests start the program themselves, as the README says; here is only the browser. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  use: {
    ...devices["Desktop Chrome"],
    actionTimeout: 30_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-quic",
        // Without WebGL the viewer draws with the DOM, as it does on a machine without a GPU: its text can be read.
        "--disable-3d-apis",
      ],
    },
  },
});
