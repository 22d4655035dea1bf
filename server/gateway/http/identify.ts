import type { IncomingHttpHeaders } from "node:http";
import type { Accounts, Identity } from "../../accounts/accounts";
import { readCookie } from "./session-cookie";

export type Credential = { by: "cookie" | "token"; value: string };

/** What a request brings to say who it is. A bearer token stands before a cookie; one that is malformed is no token. */
export function credentialOf(headers: IncomingHttpHeaders, origin: string): Credential | null {
  const bearer = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return { by: "token", value: bearer };
  const cookie = readCookie(headers.cookie, origin);
  return cookie === null ? null : { by: "cookie", value: cookie };
}

/** Null when nobody is signed in by it, now. */
export async function identify(accounts: Accounts, credential: Credential | null): Promise<Identity | null> {
  if (!credential) return null;
  return credential.by === "token" ? accounts.byBearer(credential.value) : accounts.byCookie(credential.value);
}
