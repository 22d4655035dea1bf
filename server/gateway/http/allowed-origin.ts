const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether the Host header names us. `localhost`, `127.0.0.1` and `[::1]` are one name; the port must be ours. */
export function isOurHost(host: string | undefined, ours: string): boolean {
  const { protocol } = new URL(ours);
  return host !== undefined && /^[\w.:[\]-]+$/.test(host) && isOurOrigin(`${protocol}//${host}`, ours);
}

/** Whether an Origin header is ours: same scheme, host and port, the loopback names being equal. */
export function isOurOrigin(origin: string, ours: string): boolean {
  if (!URL.canParse(origin)) return false;
  const [theirs, us] = [new URL(origin), new URL(ours)];
  if (theirs.origin === "null" || theirs.protocol !== us.protocol || theirs.port !== us.port) return false;
  return theirs.hostname === us.hostname || (loopback.has(theirs.hostname) && loopback.has(us.hostname));
}
