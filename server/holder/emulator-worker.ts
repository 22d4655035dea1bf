import { parentPort } from "node:worker_threads";
import { Emulator } from "./emulator";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";

/** The thread's entry: all screens, each fed in the order of its messages. */
const port = parentPort;
if (port === null) throw new Error("this is the entry of a worker thread");
const emulators = new Map<number, Emulator>();
const say = (message: FromEmulator, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
port.on("message", (message: ToEmulator) => handle(message));

function handle(message: ToEmulator): void {
  const { id } = message;
  if (message.kind === "open") {
    emulators.get(id)?.dispose();
    emulators.set(id, new Emulator(message));
    return;
  }
  const emulator = emulators.get(id);
  if (emulator === undefined) return;
  switch (message.kind) {
    case "output":
      say({ kind: "parsed", id, ...emulator.feed(message.bytes), offset: emulator.offset });
      return;
    case "resize":
      emulator.resize(message);
      return;
    case "snapshot":
      snapshot(id, message.request, emulator);
      return;
    case "close":
      emulator.dispose();
      emulators.delete(id);
  }
}

function snapshot(id: number, request: number, emulator: Emulator): void {
  try {
    say({ kind: "snapshot", id, request, ...emulator.snapshot() });
  } catch (error) {
    say({ kind: "failed", id, request, reason: error instanceof Error ? error.message : String(error) });
  }
}
