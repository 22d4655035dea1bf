import { randomBytes } from "node:crypto";
import path from "node:path";
import { AppError } from "../domain/app-error";
import { ensurePrivateFile } from "./private-file";

/** The token of scripts, in the data directory's file `token`. One that a person wrote there counts, if it is no guess. */
export async function ensureApiToken(dataDir: string): Promise<string> {
  const file = path.join(dataDir, "token");
  const token = await ensurePrivateFile(file, () => randomBytes(32).toString("base64url"));
  if (/^[\x21-\x7e]{32,512}$/.test(token)) return token;
  throw new AppError(
    "refused",
    `${file} must hold one line of 32 to 512 printable characters: remove the file, and a new token is made at the next start`,
  );
}
