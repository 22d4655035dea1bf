import { expect, test } from "vitest";
import { isOurHost, isOurOrigin } from "./allowed-origin";

const local = "http://127.0.0.1:3000";
const team = "https://trellis.example.com";

test.each([
  ["127.0.0.1:3000", local, true],
  ["localhost:3000", local, true],
  ["[::1]:3000", local, true],
  ["LOCALHOST:3000", local, true],
  ["127.0.0.1:3001", local, false],
  ["127.0.0.1", local, false],
  ["localhost.evil.example:3000", local, false],
  ["evil.example:3000", local, false],
  ["user@127.0.0.1:3000", local, false],
  ["127.0.0.1:3000/x", local, false],
  ["", local, false],
  [undefined, local, false],
  ["trellis.example.com", team, true],
  ["trellis.example.com:443", team, true],
  ["localhost", team, false],
  ["trellis.example.com:8443", team, false],
] as const)("Host %j of %s is ours: %s", (host, ours, expected) => expect(isOurHost(host, ours)).toBe(expected));

test.each([
  ["http://127.0.0.1:3000", local, true],
  ["http://localhost:3000", local, true],
  ["https://127.0.0.1:3000", local, false],
  ["http://localhost:3001", local, false],
  ["http://localhost", local, false],
  ["null", local, false],
  ["", local, false],
  ["file:///etc/passwd", local, false],
  ["https://trellis.example.com", team, true],
  ["http://trellis.example.com", team, false],
  ["https://trellis.example.com.evil.example", team, false],
] as const)("Origin %j of %s is ours: %s", (origin, ours, expected) =>
  expect(isOurOrigin(origin, ours)).toBe(expected),
);
