import { isIPv6 } from "node:net";

const wildcards = new Set(["0.0.0.0", "::", "*"]);

const hostPart = (host: string) => (isIPv6(host) ? `[${host}]` : host);

/** The origin where none is set: all addresses of the machine are reached by its own loopback one. */
export function originOf(host: string, port: number): string {
  return new URL(`http://${wildcards.has(host) ? "127.0.0.1" : hostPart(host)}:${port}`).origin;
}

/** Where the server is reached from this machine, whatever name browsers use for it. */
export function addressOf(host: string, port: number): string {
  return `http://${host === "::" ? "[::1]" : wildcards.has(host) ? "127.0.0.1" : hostPart(host)}:${port}`;
}
