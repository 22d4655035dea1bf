import { assertNever } from "../../domain/assert-never";
import type { ServerFrame } from "../../protocol/terminal-frames";
import type { ViewerMessage } from "../../terminals/terminals";

/** The terminals room's words as frames of the contract. */
export function toServerFrame(message: ViewerMessage): ServerFrame {
  switch (message.kind) {
    case "attached": {
      const { kind, ...attached } = message;
      return { type: kind, attached };
    }
    case "output":
      return { type: "output", offset: message.offset, bytes: message.bytes };
    case "snapshot": {
      const { kind, ...snapshot } = message;
      return { type: kind, ...snapshot };
    }
    case "resized":
      return { type: "resized", offset: message.offset, cols: message.cols, rows: message.rows };
    case "input-ack":
      return { type: "input-ack", position: message.position };
    case "gap":
      return { type: "gap", from: message.from, to: message.to };
    case "exit":
      return { type: "exit", offset: message.offset, exit: message.exit };
    case "role":
      return { type: "event", event: { type: "role", role: message.role, driverId: message.driverId } };
    case "presence":
      return { type: "event", event: { type: "presence", viewers: message.viewers, driver: message.driver } };
    case "title":
      return { type: "event", event: { type: "title", title: message.title } };
    case "cwd":
      return { type: "event", event: { type: "cwd", cwd: message.cwd } };
    case "bell":
      return { type: "event", event: { type: "bell" } };
    case "state":
      return { type: "event", event: { type: "state", state: message.state, reason: message.reason } };
    case "error":
      return { type: "event", event: { type: "error", code: message.code, message: message.message } };
    default:
      return assertNever(message);
  }
}
