import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reach } from "../notifications/sender";
import type { Network } from "./network";

/** The addresses to connect to, and no others: the name may mean another a moment later. `passing` may be better soon. */
export type Route = { kind: "open"; addresses: LookupAddress[] } | { kind: "closed"; reason: string; passing: boolean };

const resolveMs = 2_000;

/** Whether a POST may go to `url`, and where. Every address that its name has must be allowed. */
export async function findRoute(url: URL, { mayReachPrivate }: Reach, network: Network): Promise<Route> {
  const refused = (reason: string): Route => ({ kind: "closed", reason, passing: false });
  if (url.protocol !== "https:" && !(url.protocol === "http:" && mayReachPrivate))
    return refused("The address must begin with https://.");
  if (url.username !== "" || url.password !== "") return refused("Leave user and password out of the address.");
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = await resolve(hostname, network);
  if (addresses === null)
    return { kind: "closed", reason: `The name ${hostname} could not be found now.`, passing: true };
  const reaches = new Set(addresses.map(({ address }) => network.reachOf(address)));
  if (reaches.has("never")) return refused(`${hostname} is at an address that receives nothing from other machines.`);
  if (reaches.has("private") && !mayReachPrivate)
    return refused(`${hostname} is inside the server's own network; only an administrator may send there.`);
  return { kind: "open", addresses };
}

/** Null when nobody knows the name, or knows it in time. */
async function resolve(hostname: string, network: Network): Promise<LookupAddress[] | null> {
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  // Not cut off: the system's resolver cannot be, and its late answer is nobody's.
  const found = network.resolve(hostname).catch(() => []);
  const addresses = await Promise.race([found, sleep(resolveMs, [], { ref: false })]);
  return addresses.length > 0 ? addresses : null;
}
