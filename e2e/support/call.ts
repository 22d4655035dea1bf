import { request } from "node:http";

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

/** One HTTP request with exactly the headers given, `Host` too, which `fetch` would set by itself. */
export function rawCall(
  address: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(address, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
      response.on("error", reject);
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

/**
 * For `fetch`, which keeps connections for the next call: a server lets go of one after seconds without a word, and a
 * test that waits for git or kubectl meanwhile hears of it too late and sends into what is closed.
 */
export const ofItsOwn: Record<string, string> = { connection: "close" };

export type Told = { status: number; code: string | null; message: string; body: unknown };

/** A call of the API with the token of scripts: its status, and the code and words of a refusal. */
export async function call(
  program: { url: string; token: string },
  method: string,
  where: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Told> {
  const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(`${program.url}${where}`, {
    method,
    headers: { ...ofItsOwn, authorization: `Bearer ${program.token}`, ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const read: unknown = text === "" ? null : JSON.parse(text);
  const { error } = (read ?? {}) as { error?: { code: string; message: string } };
  return { status: response.status, code: error?.code ?? null, message: error?.message ?? "", body: read };
}
