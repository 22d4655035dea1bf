import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** A browser's half of Web Push, by RFC 8291 and 8188 themselves: what the server's library makes is read by other code. */
export function makeSubscription(endpoint: string) {
  const keys = createECDH("prime256v1");
  keys.generateKeys();
  const auth = randomBytes(16);
  const own = keys.getPublicKey();
  const derive = (secret: Buffer, salt: Buffer, info: Buffer | string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, info, bytes));
  return {
    destination: {
      kind: "push" as const,
      endpoint,
      p256dh: own.toString("base64url"),
      auth: auth.toString("base64url"),
    },
    decrypt(body: Buffer): unknown {
      const salt = body.subarray(0, 16);
      const keyEnd = 21 + body.readUInt8(20);
      const sender = body.subarray(21, keyEnd);
      const info = Buffer.concat([Buffer.from("WebPush: info\0"), own, sender]);
      const secret = derive(keys.computeSecret(sender), auth, info, 32);
      const key = derive(secret, salt, "Content-Encoding: aes128gcm\0", 16);
      const nonce = derive(secret, salt, "Content-Encoding: nonce\0", 12);
      const decipher = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(body.subarray(-16));
      const padded = Buffer.concat([decipher.update(body.subarray(keyEnd, -16)), decipher.final()]);
      const text = padded.subarray(0, padded.lastIndexOf(2));
      return JSON.parse(text.toString("utf8"));
    },
  };
}
