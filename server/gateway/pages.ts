import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What serves the pages' files: static shells that hold no data. Owned by `compose`; asked only for who may see them. */
export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Hot reload in development; null where there is none. */
  upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
  /** The inline scripts that a page's shell runs, as CSP sources. */
  scriptSources(page: string): string[];
  close(): Promise<void>;
}
