import type { WebSocket } from "ws";
import type { User } from "../../domain/user";
import type { Log } from "../../kit/log";
import { eventsClientMessage } from "../../protocol/events";
import type { EventHub } from "./event-hub";

const maxPiledBytes = 1024 * 1024;

/** One browser on `/ws/events`: goes on after `after` when that is still known, else begins with a snapshot. */
export function serveEvents(
  socket: WebSocket,
  viewer: { user: User; after: string | null },
  { hub, log }: { hub: EventHub; log: Log },
): void {
  const channel = hub.channelOf(viewer.user);
  let position = viewer.after === null ? null : channel.position(viewer.after);
  let reading = false;
  /** A snapshot may be larger than what may pile up: it counts only once it is on its way. */
  let allowance = 0;

  function send(text: string, extra = 0): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxPiledBytes + allowance) {
      socket.close(1013, "events pile up unread");
      return;
    }
    allowance += extra;
    socket.send(text, () => {
      allowance -= extra;
    });
  }

  async function begin(): Promise<void> {
    if (reading) return;
    reading = true;
    try {
      const snapshot = await hub.snapshot(viewer.user);
      position = snapshot.position;
      send(snapshot.text, Buffer.byteLength(snapshot.text));
    } catch (error) {
      log.warn("a snapshot could not be read", { userId: viewer.user.id, error });
      socket.close(1013, "try again");
    } finally {
      reading = false;
    }
    pump();
  }

  function pump(): void {
    if (reading || socket.readyState !== socket.OPEN) return;
    const missed = position === null ? null : channel.after(position);
    if (missed === null) return void begin();
    position = channel.head;
    for (const text of missed) send(text);
  }

  const leave = channel.onPush(pump);
  socket.on("close", leave);
  socket.on("message", (data, isBinary) => {
    if (!isBinary && isPing(data.toString())) send('{"type":"pong"}');
    else socket.close(4400, 'only {"type":"ping"} is understood here');
  });
  pump();
}

function isPing(text: string): boolean {
  try {
    return eventsClientMessage.safeParse(JSON.parse(text)).success;
  } catch {
    // Not JSON: malformed, which is the answer.
    return false;
  }
}
