import { Emulator, type Parsed } from "./emulator";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";

/** All screens, each fed in the order of its messages. */
export class Screens {
  readonly #emulators = new Map<number, Emulator>();

  constructor(private readonly say: (message: FromEmulator) => void) {}

  /** For comparing all that it knows. */
  emulatorForTests(id: number): Emulator {
    const emulator = this.#emulators.get(id);
    if (emulator === undefined) throw new Error(`no screen ${id} is kept`);
    return emulator;
  }

  handle(message: ToEmulator): void {
    const { id } = message;
    if (message.kind === "open") {
      this.#emulators.get(id)?.dispose();
      this.#emulators.set(id, new Emulator(message));
      return;
    }
    const emulator = this.#emulators.get(id);
    if (emulator === undefined) return;
    switch (message.kind) {
      case "output":
        this.#parsed(id, emulator, emulator.feed(message.bytes));
        return;
      case "skip":
        emulator.skip(message);
        this.#parsed(id, emulator, { answers: [], events: [] });
        return;
      case "resize":
        emulator.resize(message);
        return;
      case "snapshot":
        this.#snapshot(id, message.request, emulator);
        return;
      case "close":
        emulator.dispose();
        this.#emulators.delete(id);
    }
  }

  #parsed(id: number, { offset, canSkip }: Emulator, parsed: Parsed): void {
    this.say({ kind: "parsed", id, ...parsed, offset, canSkip });
  }

  #snapshot(id: number, request: number, emulator: Emulator): void {
    try {
      this.say({ kind: "snapshot", id, request, ...emulator.snapshot() });
    } catch (error) {
      this.say({ kind: "failed", id, request, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
