import { parentPort } from "node:worker_threads";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";
import { Screens } from "./screens";

/** The thread's entry. */
const port = parentPort;
if (port === null) throw new Error("this is the entry of a worker thread");
const screens = new Screens((message: FromEmulator) => port.postMessage(message));
port.on("message", (message: ToEmulator) => screens.handle(message));
