import type { Context } from "hono";
import { AppError } from "../../domain/app-error";
import type { ApiEnv } from "./api-env";

/**
 * Refuses a body of more than `maxBytes`, before it is read where its length is told; where it is not, the body is read
 * here and kept for the handler. Hono's own `bodyLimit` fails on that, and on a DELETE: it makes a `Request` of
 * node-server's, which is none to Node.
 */
export async function boundBody(c: Context<ApiEnv>, maxBytes: number): Promise<void> {
  const { headers } = c.env.incoming;
  if (headers["transfer-encoding"] === undefined) {
    // Neither header: there is no body (RFC 9112, 6.3), as in a DELETE.
    if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    return;
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of c.req.raw.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  const { method, url, raw } = c.req;
  c.req.raw = new Request(url, { method, headers: raw.headers, body: Buffer.concat(parts) });
}

const tooLarge = (bytes: number) => new AppError("too-large", `The body is larger than ${bytes / 1024 / 1024} MiB.`);
