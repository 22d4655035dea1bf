// The inline scripts of the built pages, as sources of a Content-Security-Policy: pages are static, so they are known.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** By page path (`/` for `index.html`), the hashes of the scripts that stand inline in it. */
export async function collectScriptHashes(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const pages = {};
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(".html")) continue;
    const file = path.join(entry.parentPath, entry.name);
    const page = `/${path
      .relative(folder, file)
      .replace(/\.html$/, "")
      .replace(/^index$/, "")}`;
    pages[page] = scriptHashes(await readFile(file, "utf8"));
  }
  if (Object.keys(pages).length === 0) throw new Error(`${folder} holds no static page: every page must be one`);
  return Object.fromEntries(Object.entries(pages).sort());
}

/** What a browser hashes: the text between the tags of a script that has no `src`, byte for byte. */
export function scriptHashes(html) {
  const hashes = new Set();
  for (const [, attributes, text] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\ssrc\s*=/i.test(attributes) || text === "") continue;
    hashes.add(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  }
  return [...hashes];
}
