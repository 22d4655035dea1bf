import { expect, test } from "vitest";
import { reachOf } from "./address-reach";

test.each([
  ["8.8.8.8", "public"],
  ["172.32.0.1", "public"],
  ["2606:4700::1111", "public"],
  ["10.1.2.3", "private"],
  ["127.0.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["100.64.0.1", "private"],
  ["::1", "private"],
  ["fd00::1", "private"],
  ["::ffff:127.0.0.1", "private"],
  ["169.254.169.254", "never"],
  ["::ffff:169.254.169.254", "never"],
  ["0.0.0.0", "never"],
  ["::", "never"],
  ["224.0.0.1", "never"],
  ["255.255.255.255", "never"],
  ["fe80::1", "never"],
  ["ff02::1", "never"],
  ["::ffff:a9fe:a9fe", "never"],
  ["64:ff9b::7f00:1", "never"],
  ["2002:7f00:1::", "never"],
  ["not an address", "never"],
])("%s is %s", (address, reach) => expect(reachOf(address)).toBe(reach));
