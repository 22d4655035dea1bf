import { BlockList, isIPv4 } from "node:net";

/** `never` are addresses that no receiver has: link-local ones (where clouds keep credentials), multicast, reserved. */
export type AddressReach = "public" | "private" | "never";

const ipv4Private = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const ipv4Never = [
  ...["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24"],
  ...["203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
];
const ipv6Private = ["::1/128", "fc00::/7"];
/** All that is public is in here, but for what carries another address inside or documents. */
const ipv6Public = ["2000::/3"];
const ipv6Never = ["2001::/32", "2001:db8::/32", "2002::/16"];

const lists = {
  privates: listOf([...ipv4Private], [...ipv6Private]),
  never: listOf(ipv4Never, ipv6Never),
  publicIpv6: listOf([], ipv6Public),
};

/** Pure: by the address alone. */
export function reachOf(address: string): AddressReach {
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return reachOf(mapped);
  if (lists.never.check(address, family)) return "never";
  if (lists.privates.check(address, family)) return "private";
  return family === "ipv4" || lists.publicIpv6.check(address, family) ? "public" : "never";
}

function listOf(ipv4: string[], ipv6: string[]): BlockList {
  const list = new BlockList();
  for (const [ranges, family] of [
    [ipv4, "ipv4"],
    [ipv6, "ipv6"],
  ] as const)
    for (const range of ranges) {
      const [net = "", prefix] = range.split("/");
      list.addSubnet(net, Number(prefix), family);
    }
  return list;
}
