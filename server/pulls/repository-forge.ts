import type { Forge } from "../domain/forge";
import type { Repository } from "../domain/repository";

/**
 * The path of a repository on a forge, by its clone URL: over http(s), `ssh://` and `user@host:path`. Null where the
 * URL is none of this forge's. A port of ssh says nothing; the name of the machine does.
 */
export function pathOnForge(cloneUrl: string, forge: Pick<Forge, "url">): string | null {
  const at = new URL(forge.url);
  const place = readPlace(cloneUrl);
  if (place === null || place.hostname !== at.hostname) return null;
  if (place.port !== null && place.port !== at.port) return null;
  const below = at.pathname.replace(/\/+$/, "");
  const hasPrefix = place.web && below !== "";
  if (hasPrefix && !place.path.startsWith(`${below}/`)) return null;
  return repositoryPath(hasPrefix ? place.path.slice(below.length) : place.path);
}

/** The same of a repository, which may name its forge: then its clone URL may be of another host, as one for ssh alone. */
export function pathOn(
  { cloneUrl, forgeId }: Pick<Repository, "cloneUrl" | "forgeId">,
  forge: Pick<Forge, "id" | "url">,
): string | null {
  const path = pathOnForge(cloneUrl, forge);
  if (path !== null || forgeId !== forge.id) return path;
  const place = readPlace(cloneUrl);
  return place && repositoryPath(place.path);
}

function repositoryPath(text: string): string | null {
  const path = text.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  return /^[^/]+(\/[^/]+)+$/.test(path) ? path : null;
}

/** `port` only where it must be the forge's own: that of http. */
function readPlace(cloneUrl: string): { hostname: string; port: string | null; path: string; web: boolean } | null {
  if (URL.canParse(cloneUrl) && cloneUrl.includes("://")) {
    const { protocol, hostname, port, pathname } = new URL(cloneUrl);
    const web = protocol === "http:" || protocol === "https:";
    if (!web && protocol !== "ssh:" && protocol !== "git:") return null;
    return { hostname, port: web ? port : null, path: safeDecode(pathname), web };
  }
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(cloneUrl);
  if (!short?.[1] || !short[2]) return null;
  return { hostname: short[1].toLowerCase(), port: null, path: short[2], web: false };
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
