/** What an upgrade asks for, by its URL alone. */
export type SocketAddress =
  | { kind: "events"; after: string | null }
  | { kind: "terminal"; sessionId: string; terminalId: string | null }
  /** Below `/ws/`, and nothing there. */
  | { kind: "unknown" }
  | { kind: "other"; path: string };

export function socketAddress(requestUrl: string): SocketAddress {
  if (!URL.canParse(requestUrl, "http://trellis")) return { kind: "other", path: "" };
  const { pathname: path, searchParams } = new URL(requestUrl, "http://trellis");
  if (path === "/ws/events") return { kind: "events", after: searchParams.get("after") };
  const sessionId = /^\/ws\/sessions\/([\w-]{1,128})\/terminal$/.exec(path)?.[1];
  if (sessionId !== undefined) return { kind: "terminal", sessionId, terminalId: searchParams.get("terminal") };
  return path.startsWith("/ws/") ? { kind: "unknown" } : { kind: "other", path };
}
