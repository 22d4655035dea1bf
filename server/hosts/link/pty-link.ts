import type { Log } from "../../kit/log";
import type { Frame } from "../../protocol/byte-frames";
import { holderFrame, type ProcessState } from "../../protocol/holder-protocol";
import type { PtyListener } from "../../terminals/pty-host";
import { Handles, processKey } from "./handles";
import type { HolderLink, LinkPart } from "./holder-link";
import { Inputs } from "./inputs";
import { readEvent, readInputAck, readRecord } from "./pty-frames";
import { Subscriptions, type Wanted } from "./subscriptions";

/** What a link knows of programs: its name for each, who reads them, and what was typed and not acknowledged. */
export class PtyLink implements LinkPart {
  readonly #link: HolderLink;
  readonly #log: Log;
  readonly #handles = new Handles();
  readonly #looking = new Set<string>();
  readonly #inputs: Inputs;
  readonly #subscriptions: Subscriptions;

  constructor(link: HolderLink, log: Log) {
    this.#link = link;
    this.#log = log;
    this.#inputs = new Inputs(link, this.#handles);
    this.#subscriptions = new Subscriptions(link, {
      state: (state) => this.learn(state),
      over: (key) => this.#inputs.forget(key),
      log,
    });
    link.attach(this);
  }

  /** Every state that the holder tells also names the program for its frames. */
  learn(state: ProcessState): void {
    if (this.#handles.learn(state)) this.#inputs.resume(processKey(state.processId, state.epoch));
  }

  subscribe(wanted: Wanted, listener: PtyListener): () => void {
    return this.#subscriptions.add(wanted, listener);
  }

  write(
    { processId, epoch }: { processId: string; epoch: string },
    { clientId, position, bytes }: { clientId: string; position: number; bytes: Uint8Array },
  ): void {
    const key = processKey(processId, epoch);
    this.#inputs.write({ key, processId, clientId }, position, bytes);
    void this.#lookFor(key, processId);
  }

  here(sameHolder: boolean): void {
    this.#subscriptions.here();
    for (const { key, processId } of this.#inputs.waiting()) {
      if (sameHolder) void this.#lookFor(key, processId);
      else this.#inputs.forget(key);
    }
  }

  away(): void {
    this.#handles.clear();
    this.#looking.clear();
    this.#inputs.away();
    this.#subscriptions.away();
  }

  frame(frame: Frame): void {
    const key = this.#handles.keyOf(frame.stream);
    if (frame.type === holderFrame.event && key !== undefined) {
      this.#subscriptions.event(key, readEvent(frame));
    } else if (frame.type === holderFrame.inputAck && key !== undefined) {
      const { clientId, position } = readInputAck(frame);
      this.#inputs.acked(key, clientId, position);
      this.#subscriptions.inputAck(key, clientId, position);
    } else {
      const record = readRecord(frame);
      if (record) this.#subscriptions.record(frame.stream, record);
    }
  }

  /** Input needs the program's handle; a program that is gone takes its input with it. */
  async #lookFor(key: string, processId: string): Promise<void> {
    if (this.#looking.has(key) || this.#handles.handleOf(key) !== undefined || !this.#link.isHere()) return;
    this.#looking.add(key);
    try {
      const { process } = await this.#link.begin<"find">({ op: "find", processId }).answer;
      if (process) this.learn(process);
      if (!process || processKey(processId, process.epoch) !== key) this.#inputs.forget(key);
    } catch (error) {
      this.#log.debug("input waits for the host", { processId, error });
    } finally {
      this.#looking.delete(key);
    }
  }
}
