import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "../domain/app-error";

const version = "v1";
const ivBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM as `v1.<iv, tag and ciphertext in base64url>`. `rowId` is authenticated with it, so that a secret copied
 * into another row cannot be read there.
 */
export class SecretBox {
  constructor(private readonly key: Uint8Array) {
    if (key.byteLength !== 32) throw new Error(`the secret key has ${key.byteLength} bytes; it must have 32`);
  }

  seal(secret: string, rowId: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.key, iv).setAAD(Buffer.from(rowId));
    const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return `${version}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url")}`;
  }

  /** `AppError("refused")` when it was sealed with another key, for another row, or is damaged. */
  open(sealed: string, rowId: string): string {
    const [format, body = ""] = sealed.split(".");
    const bytes = Buffer.from(body, "base64url");
    try {
      if (format !== version || bytes.length < ivBytes + tagBytes) throw new Error("not a sealed secret of version 1");
      const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, ivBytes))
        .setAAD(Buffer.from(rowId))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      const opened = [decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()];
      return Buffer.concat(opened).toString("utf8");
    } catch (error) {
      const message = `the stored secret of ${rowId} cannot be read with this secret key: start with the key it was stored with, or enter the secret again`;
      throw new AppError("refused", message, { cause: error });
    }
  }
}
