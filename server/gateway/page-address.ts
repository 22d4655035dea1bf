/** What a request path is to the gateway. `shell` is the static page that the configured rewrites lead it to. */
export type PageAddress =
  | { kind: "asset" }
  | { kind: "sign-in" }
  /** Any id: the page itself says when there is no such thing. */
  | { kind: "page"; shell: string };

const publicFile = /^\/[\w-]+\.(ico|svg|png|webmanifest|txt)$|^\/push-worker\.js$/;

/** Pure: by path alone. `dev` opens what Next's development server serves beside its built files. */
export function pageAddress(path: string, dev: boolean): PageAddress {
  if (path.startsWith("/_next/static/") || publicFile.test(path)) return { kind: "asset" };
  if (dev && /^\/(_next|__next)/.test(path)) return { kind: "asset" };
  if (path === "/sign-in") return { kind: "sign-in" };
  if (/^\/repositories\/[^/]+\/?$/.test(path)) return { kind: "page", shell: "/repository" };
  if (/^\/sessions\/[^/]+\/?$/.test(path)) return { kind: "page", shell: "/session" };
  return { kind: "page", shell: path };
}
