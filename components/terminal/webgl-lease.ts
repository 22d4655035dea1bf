import { WebglAddon } from "@xterm/addon-webgl";
import type { Terminal } from "@xterm/xterm";

/**
 * Draws by WebGL while the terminal can be seen, and by the DOM where WebGL is not to be had. A browser allows some 16
 * contexts a page, and disposing the addon does not give its context back: it is lost on purpose.
 */
export class WebglLease {
  readonly #terminal: Terminal;
  readonly #host: HTMLElement;
  #addon: WebglAddon | null = null;
  #refused = false;

  constructor(terminal: Terminal, host: HTMLElement) {
    this.#terminal = terminal;
    this.#host = host;
  }

  setVisible(visible: boolean): void {
    if (visible) this.#take();
    else this.#giveBack();
  }

  #take(): void {
    if (this.#addon || this.#refused) return;
    try {
      const addon = new WebglAddon();
      addon.onContextLoss(() => this.#giveBack());
      this.#terminal.loadAddon(addon);
      this.#addon = addon;
    } catch {
      this.#refused = true; // no WebGL2 here: the DOM renderer stays, nothing is lost but speed
    }
  }

  #giveBack(): void {
    const addon = this.#addon;
    this.#addon = null;
    if (!addon) return;
    const canvases = [...this.#host.querySelectorAll("canvas")];
    addon.dispose();
    for (const canvas of canvases) canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
