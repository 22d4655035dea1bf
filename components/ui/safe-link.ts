/** Only http and https: what a program printed or a forge told is not to be trusted with other schemes. */
export function safeLink(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null; // not a URL at all
  }
}
