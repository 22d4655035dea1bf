import type { PtyRecord } from "./pty-host";
import { UrlFinder } from "./url-finder";

const perSecondBytes = 128 * 1024;
const maxTold = 200;

/**
 * Looks for addresses of pull requests in the live output of one program and tells each once. What comes faster than
 * anyone reads is left out, so that looking never holds up a flood: an address that it misses is found by the next look
 * at the forge.
 */
export function watchUrls(found: (url: string) => void): (record: PtyRecord, cols: number, nowMs: number) => void {
  const told = new Set<string>();
  const finder = new UrlFinder((url) => {
    if (told.has(url)) return;
    if (told.size === maxTold) told.clear();
    told.add(url);
    found(url);
  });
  let second = 0;
  let seenBytes = 0;
  return (record, cols, nowMs) => {
    switch (record.kind) {
      case "output": {
        const now = Math.floor(nowMs / 1_000);
        if (now !== second) [second, seenBytes] = [now, 0];
        seenBytes += record.bytes.length;
        if (seenBytes <= perSecondBytes) finder.take(record.bytes, cols);
        else finder.lose();
        break;
      }
      case "gap":
        finder.lose();
        break;
      case "exit":
        finder.end();
        break;
      case "resized":
        break;
    }
  };
}
