import type { LookupAddress } from "node:dns";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { LookupFunction } from "node:net";
import type { Reach } from "../notifications/sender";
import { findRoute } from "./find-route";
import type { Network } from "./network";

export type Post = { url: URL; headers: Record<string, string>; body: Buffer };
export type PostAnswer =
  | { kind: "answered"; status: number; retryAfterMs: number | null }
  | { kind: "not-sent"; reason: string; passing: boolean };

/** Below the time that a stop of the server has: what is under way is let through. */
const limitMs = 4_000;

/** One POST whose answer's body nobody reads. Follows nothing, and connects only to addresses that were looked at. */
export async function post(wanted: Post, reach: Reach, network: Network): Promise<PostAnswer> {
  const route = await findRoute(wanted.url, reach, network);
  if (route.kind === "closed") return { kind: "not-sent", reason: route.reason, passing: route.passing };
  const signal = AbortSignal.timeout(limitMs);
  try {
    const { statusCode = 0, headers } = await answerTo(wanted, { route: route.addresses, network, signal });
    return { kind: "answered", status: statusCode, retryAfterMs: retryAfterMs(headers["retry-after"]) };
  } catch (error) {
    const { host } = wanted.url;
    const why = error instanceof Error ? error.message : String(error);
    const reason = signal.aborted
      ? `${host} did not answer within ${limitMs / 1_000} s.`
      : `${host} cannot be reached: ${why || "nothing answers there"}.`;
    return { kind: "not-sent", reason, passing: true };
  }
}

type Around = { route: LookupAddress[]; network: Network; signal: AbortSignal };

function answerTo({ url, headers, body }: Post, { route, network, signal }: Around): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(body.length) },
    lookup: pinnedTo(route),
    agent: false,
    signal,
    ...(network.certificateAuthority === undefined ? {} : { ca: network.certificateAuthority }),
  };
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, options, (response) => {
      resolve(response);
      response.destroy();
    });
    request.on("error", reject);
    request.end(body);
  });
}

function pinnedTo(addresses: LookupAddress[]): LookupFunction {
  return (_hostname, { all }, answer) => {
    const [first] = addresses;
    if (all) answer(null, addresses);
    else answer(null, first?.address ?? "", first?.family);
  };
}

function retryAfterMs(value: string | undefined): number | null {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
