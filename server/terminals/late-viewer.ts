import type { Viewer, ViewerAttach, ViewerSocket } from "./terminals";

/** A browser that came before the session had a terminal: it is kept waiting, and taken there when there is one. */
export class LateViewer implements Viewer {
  #viewer: Viewer | null = null;
  #gone = false;
  #attach: ViewerAttach;
  #hidden = false;

  constructor(
    attach: ViewerAttach,
    readonly socket: ViewerSocket,
    readonly onGone: () => void,
  ) {
    this.#attach = attach;
  }

  bring(attach: (attach: ViewerAttach, socket: ViewerSocket) => Viewer): void {
    if (this.#gone) return;
    this.#viewer = attach(this.#attach, this.socket);
    if (this.#hidden) this.#viewer.request("hidden");
  }

  /** Not acknowledged while there is nothing to type into: the client sends it again once it is attached. */
  input(position: number, bytes: Uint8Array): void {
    this.#viewer?.input(position, bytes);
  }

  ack(offset: number): void {
    this.#viewer?.ack(offset);
  }

  resize(cols: number, rows: number): void {
    this.#attach = { ...this.#attach, cols, rows };
    this.#viewer?.resize(cols, rows);
  }

  request(type: "take" | "release" | "visible" | "hidden"): void {
    if (type === "hidden" || type === "visible") this.#hidden = type === "hidden";
    this.#viewer?.request(type);
  }

  detach(): void {
    this.#gone = true;
    this.#viewer?.detach();
    this.onGone();
  }
}
