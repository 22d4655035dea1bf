import { expect, type Locator, type Page } from "@playwright/test";

/** The terminal that a page shows now, used as a person does: by its keys and by the rows that are in sight. */
export class Screen {
  readonly pane: Locator;
  /** The rows in sight; without WebGL the viewer draws them as text. */
  readonly rows: Locator;
  readonly foot: Locator;
  readonly strip: Locator;

  constructor(readonly page: Page) {
    this.pane = page.getByRole("region", { name: /^Terminal / });
    this.rows = this.pane.locator(".xterm-rows");
    this.foot = this.pane.locator("footer");
    this.strip = this.pane.getByRole("status");
  }

  /** Resolves once this page's keys reach the program. */
  async driving(): Promise<this> {
    await expect(this.foot).toContainText("Live");
    await expect(this.foot).toContainText("You drive");
    return this;
  }

  async focus(): Promise<void> {
    await this.pane.getByRole("textbox", { name: "Terminal input" }).focus();
  }

  async type(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  async run(command: string): Promise<void> {
    await this.type(command);
    await this.page.keyboard.press("Enter");
  }

  async shows(text: string | RegExp): Promise<void> {
    await expect(this.rows).toContainText(text);
  }

  async showsNot(text: string | RegExp): Promise<void> {
    await expect(this.rows).not.toContainText(text);
  }

  /** The program has nothing more to print: the last line in sight is a shell's prompt. */
  async prompts(): Promise<void> {
    await expect.poll(async () => (await this.lines()).findLast((line) => line !== "") ?? "").toMatch(/[$#]$/);
  }

  /** All that the strip says from now on, also what it says for seconds only. */
  async hearsStrip(): Promise<() => Promise<string>> {
    const heard = await this.pane.evaluateHandle((pane) => {
      const words: string[] = [];
      const look = () => {
        for (const strip of pane.querySelectorAll('[role="status"]')) words.push(strip.textContent ?? "");
      };
      new MutationObserver(look).observe(pane, { subtree: true, childList: true, characterData: true });
      return words;
    });
    return () => heard.evaluate((words) => words.join("\n"));
  }

  /** The lines in sight, without the blanks at their ends. */
  async lines(): Promise<string[]> {
    const lines = await this.rows.locator("> div").allInnerTexts();
    return lines.map((line) => line.replaceAll("\u00a0", " ").trimEnd());
  }

  async size(): Promise<string> {
    return (await this.foot.getByText(/^\d+ × \d+$/).innerText()).trim();
  }
}
