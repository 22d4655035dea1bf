/** Case-insensitive in every script, which SQLite's LIKE is only for ASCII; `%` and `_` are letters like any other. */
export function containsText(query: string, texts: string[]): boolean {
  const wanted = fold(query);
  return texts.some((text) => fold(text).includes(wanted));
}

const fold = (text: string): string => text.normalize("NFKC").toLowerCase();
