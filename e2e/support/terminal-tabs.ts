import type { Locator, Page } from "@playwright/test";

/** Of a session's terminals alone: what stands beside them has tabs too. */
export const terminalTabs = (page: Page): Locator => page.getByRole("region", { name: "Terminals" }).getByRole("tab");
