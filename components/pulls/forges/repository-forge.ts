import type { ForgeView } from "@/server/protocol/pulls";

/** The name of the machine in a clone URL: of `https://host/…`, `ssh://…` and `user@host:path`; null for a path. */
export function cloneHost(cloneUrl: string): string | null {
  if (cloneUrl.includes("://")) return URL.canParse(cloneUrl) ? new URL(cloneUrl).hostname || null : null;
  return /^(?:[^@/]+@)?([^:/]+):(?!\/\/)./.exec(cloneUrl)?.[1]?.toLowerCase() ?? null;
}

/** The forge that a repository's clone URL is of, as far as the name of the machine says. */
export function forgeAt(cloneUrl: string, forges: readonly ForgeView[]): ForgeView | null {
  const host = cloneHost(cloneUrl);
  return forges.find(({ url }) => URL.canParse(url) && new URL(url).hostname === host) ?? null;
}
