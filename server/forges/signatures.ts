import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether a hex HMAC-SHA256 of the body stands in the header; in constant time. */
export function isSigned(body: Uint8Array, header: string | undefined, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from((header ?? "").replace(/^sha256=/, ""), "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
