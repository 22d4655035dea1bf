import { terminalLogUrl } from "./api";
import { ApiFailure, failureOf } from "./api-failure";

const chunkBytes = 4 * 1024 * 1024;
/** More than any log that a server keeps by default: what is beyond is left on the server. */
const mostBytes = 128 * 1024 * 1024;

/** All that is kept of a terminal's output. `offset` is where it begins: what came before is no longer kept. */
export async function readLog(
  sessionId: string,
  terminalId: string,
): Promise<{ bytes: Uint8Array<ArrayBuffer>[]; offset: number; headOffset: number }> {
  const bytes: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  let begin: number | null = null;
  for (;;) {
    const response = await ask(terminalLogUrl(sessionId, terminalId, { from: at, limit: chunkBytes }));
    const chunk = new Uint8Array(await response.arrayBuffer());
    const offset = Number(response.headers.get("x-offset") ?? at);
    const headOffset = Number(response.headers.get("x-head-offset") ?? offset + chunk.length);
    begin ??= offset;
    if (chunk.length > 0) bytes.push(chunk);
    at = offset + chunk.length;
    if (chunk.length === 0 || at >= headOffset || at - begin >= mostBytes) return { bytes, offset: begin, headOffset };
  }
}

async function ask(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => {
    throw new ApiFailure("no-answer", "The server did not answer. Try again.", error);
  });
  if (response.ok) return response;
  throw failureOf(response.status, await response.json().catch(() => null));
}
