/** A program may put this much on the clipboard. */
const maxBytes = 1024 * 1024;

/** The text of an OSC 52 that sets the clipboard; null for a query, which is never answered, and for what is no text. */
export function copiedText(data: string): string | null {
  const encoded = /^[cpqs0-7]*;([A-Za-z0-9+/=]*)$/.exec(data)?.[1];
  if (!encoded || encoded.length > (maxBytes * 4) / 3) return null;
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null; // not base64, or not text: nothing that could be pasted
  }
}
