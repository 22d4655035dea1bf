import { randomBytes } from "node:crypto";
import path from "node:path";
import { AppError } from "../domain/app-error";
import { ensurePrivateFile } from "./private-file";

const keyBytes = 32;
/** 32 bytes in base64; `Buffer.from` alone would take nearly anything. */
const keyText = /^[A-Za-z0-9+/]{43}=$/;

/** The key of secrets at rest: the one given, else the data directory's own, made where there is none. */
export async function ensureSecretKey(dataDir: string, given: Uint8Array | null): Promise<Uint8Array> {
  if (given !== null) return given;
  const file = path.join(dataDir, "secret-key");
  const text = await ensurePrivateFile(file, () => randomBytes(keyBytes).toString("base64"));
  if (keyText.test(text)) return Buffer.from(text, "base64");
  throw new AppError(
    "refused",
    `${file} must hold ${keyBytes} bytes in base64: restore it from a backup, or set TRELLIS_SECRET_KEY. With a new key the secrets that are stored cannot be read`,
  );
}
