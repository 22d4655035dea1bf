import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { type AddressReach, reachOf } from "./address-reach";

/** What a test replaces: names, which of their addresses may be reached, and whose certificates are believed. */
export type Network = {
  resolve(hostname: string): Promise<LookupAddress[]>;
  reachOf(address: string): AddressReach;
  /** Believed instead of the well-known authorities. */
  certificateAuthority?: string;
};

export const openNetwork: Network = { resolve: (hostname) => lookup(hostname, { all: true }), reachOf };
