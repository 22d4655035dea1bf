import path from "node:path";

/** `file:/path`, `file:relative` and `file:///path`, as Prisma reads them. Options after `?` are not for a file. */
export function sqliteFile(url: string): string {
  const place = url
    .slice("file:".length)
    .replace(/\?[^/]*$/, "")
    .replace(/^\/\/(?=\/)/, "");
  return path.resolve(place);
}
