/** Cookies are shared by all ports of a host, so two servers on one machine need two names. */
export function cookieName(origin: string): string {
  const { protocol, port } = new URL(origin);
  if (protocol === "https:") return "__Host-trellis";
  return port === "" ? "trellis" : `trellis-${port}`;
}

/** The value of our cookie in a Cookie header. */
export function readCookie(header: string | undefined, origin: string): string | null {
  const name = cookieName(origin);
  for (const part of header?.split(";") ?? []) {
    const [key, value] = part.split("=", 2);
    if (key?.trim() === name && value) return value.trim();
  }
  return null;
}

/** Lax, so that a link from elsewhere opens the page signed in; what changes something checks the Origin besides. */
export function setCookie(origin: string, value: string, expiresAt: Date): string {
  return `${cookieName(origin)}=${value}; Path=/; HttpOnly; SameSite=Lax; Expires=${expiresAt.toUTCString()}${secure(origin)}`;
}

export function clearCookie(origin: string): string {
  return `${cookieName(origin)}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${secure(origin)}`;
}

const secure = (origin: string) => (origin.startsWith("https:") ? "; Secure" : "");
