import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Identity } from "../accounts/accounts";
import { AppError } from "../domain/app-error";
import { assertNever } from "../domain/assert-never";
import type { Session } from "../domain/session";
import type { SessionReading } from "../sessions/sessions";
import type { GatewayDeps } from "./deps";
import type { EventHub } from "./events/event-hub";
import { serveEvents } from "./events/serve-events";
import { isOurHost, isOurOrigin } from "./http/allowed-origin";
import { type Credential, credentialOf, identify } from "./http/identify";
import type { LiveSockets } from "./live-sockets";
import type { Pages } from "./pages";
import { type SocketAddress, socketAddress } from "./socket-address";
import { type StillAllowed, serveTerminalSocket } from "./terminal-socket/serve-terminal-socket";

/** Far above what any frame may have, so that one that is too large is answered by its own code: `ws` itself knows only 1009. */
const maxMessageBytes = 16 * 1024 * 1024;
const maxSockets = 5_000;

type Parts = { deps: GatewayDeps; pages: Pages; sockets: LiveSockets; hub: EventHub };

/** What a handshake leads to: all that is refused is refused after it, by a code that the page's script can read. */
type Verdict =
  | { kind: "refused"; code: number; reason: string }
  | { kind: "events"; who: SignedIn; after: string | null }
  | { kind: "terminal"; who: SignedIn; session: SessionReading; terminalId: string | null };
type SignedIn = { credential: Credential; identity: Identity };

/** The only `upgrade` listener there is. A socket whose path is nobody's is ended, for it would keep the server open. */
export function routeUpgrades(server: Server, parts: Parts): void {
  const { deps } = parts;
  const handshakes = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const address = socketAddress(request.url ?? "/");
    if (address.kind === "other") {
      if (parts.pages.upgrade && address.path.startsWith("/_next/")) return parts.pages.upgrade(request, socket, head);
      return refuse(socket, "404 Not Found");
    }
    if (!isOurs(request, deps.origin())) return refuse(socket, "403 Forbidden");
    judge(request, address, parts)
      .catch((error: unknown): Verdict => {
        deps.log.warn("a socket could not be let in", { error });
        return { kind: "refused", code: 1013, reason: "try again" };
      })
      .then((verdict) => {
        handshakes.handleUpgrade(request, socket, head, (open) => enter(open, verdict, parts));
      })
      .catch((error: unknown) => {
        deps.log.error("a handshake failed", { error });
        socket.destroy();
      });
  });
}

/** A script sees a refusal before 101 as a bare 1006 and would try for ever: only foreign pages are told off so early. */
function isOurs({ headers }: IncomingMessage, ours: string): boolean {
  if (!isOurHost(headers.host, ours)) return false;
  if (headers.origin !== undefined) return isOurOrigin(headers.origin, ours);
  return credentialOf(headers, ours)?.by === "token";
}

async function judge(
  request: IncomingMessage,
  address: Exclude<SocketAddress, { kind: "other" }>,
  { deps, sockets }: Parts,
): Promise<Verdict> {
  const credential = credentialOf(request.headers, deps.origin());
  const identity = await identify(deps.accounts, credential);
  if (!credential || !identity) return { kind: "refused", code: 4401, reason: "signed out" };
  if (sockets.count >= maxSockets) return { kind: "refused", code: 1013, reason: "too many sockets" };
  const who = { credential, identity };
  switch (address.kind) {
    case "unknown":
      return { kind: "refused", code: 4404, reason: "no such socket" };
    case "events":
      return { kind: "events", who, after: address.after };
    case "terminal": {
      const session = await deps.sessions.get(identity.user, address.sessionId).catch((error: unknown) => {
        if (AppError.is(error) && error.code === "not-found") return null;
        throw error;
      });
      if (!session) return { kind: "refused", code: 4404, reason: "no such session" };
      if (session.phase === "ended") return { kind: "refused", code: 4409, reason: "the session ended" };
      return { kind: "terminal", who, session, terminalId: address.terminalId };
    }
  }
}

function enter(socket: WebSocket, verdict: Verdict, { deps, sockets, hub }: Parts): void {
  switch (verdict.kind) {
    case "refused":
      socket.on("error", () => socket.terminate());
      socket.close(verdict.code, verdict.reason);
      break;
    case "events":
      sockets.add(socket, verdict.who);
      serveEvents(socket, { user: verdict.who.identity.user, after: verdict.after }, { hub, log: deps.log });
      break;
    case "terminal":
      sockets.add(socket, verdict.who);
      serveTerminalSocket({
        ws: socket,
        terminals: deps.terminals,
        sessionId: verdict.session.session.id,
        terminalId: verdict.terminalId,
        stillAllowed: () => stillAllowed(deps, verdict.session.session),
        log: deps.log,
      });
      break;
    default:
      assertNever(verdict);
  }
}

/** Who is signed in is looked at again for all sockets together; here it is the session. */
async function stillAllowed({ sessions }: GatewayDeps, { id, userId }: Session): Promise<StillAllowed> {
  const reading = await sessions.read(id);
  if (reading?.session.userId !== userId) return "not-yours";
  return reading.phase === "ended" ? "ended" : "yes";
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
