import { basename, dirname } from "node:path/posix";
import type { Credential } from "./credential-env";

/** `url` holds no secret. `directory` is set where the repository lies on the host itself. */
export type CloneUrl = { url: string; credential: Credential | null; name: string; directory: string | null };

export type ParsedCloneUrl = ({ ok: true } & CloneUrl) | { ok: false; reason: string };

const accepted =
  "Give an https, http, ssh, git or file URL, `user@host:path`, an absolute path, or a path that begins with `~/`.";

/**
 * What may be given to git as the address of a repository. Pure: `home` stands for `~`, and null refuses it.
 * Helpers such as `ext::` would run commands, and a leading `-` would be read as an option.
 */
export function parseCloneUrl(text: string, home: string | null): ParsedCloneUrl {
  const given = text.trim();
  if (given === "") return refused(`The clone URL is empty. ${accepted}`);
  if (/\p{Cc}/u.test(given)) return refused("The clone URL holds a control character. Type it again.");
  if (given.startsWith("-")) return refused(`A clone URL cannot begin with \`-\`. ${accepted}`);
  if (/^[A-Za-z0-9+.-]+::/.test(given))
    return refused(`\`${given.split("::")[0]}::\` is a git helper that may run commands. ${accepted}`);
  if (given.startsWith("~")) return fromHome(given, home);
  if (given.startsWith("/")) return fromPath(given);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(given)) return fromUrl(given);
  return fromScpLike(given);
}

const refused = (reason: string): ParsedCloneUrl => ({ ok: false, reason });

function fromHome(given: string, home: string | null): ParsedCloneUrl {
  if (!given.startsWith("~/")) return refused("Only your own home can be meant by `~/`. Give the absolute path.");
  if (home === null) return refused("The home directory of this host is not known. Give the absolute path.");
  return fromPath(`${home.replace(/\/+$/, "")}${given.slice(1)}`);
}

function fromPath(given: string): ParsedCloneUrl {
  const path = given.replace(/(?<=.)\/+$/, "");
  return { ok: true, url: path, credential: null, name: directoryName(path), directory: path };
}

function directoryName(path: string): string {
  const last = basename(path) === ".git" ? basename(dirname(path)) : basename(path);
  return last.replace(/(?<=.)\.git$/, "") || path;
}

function fromUrl(given: string): ParsedCloneUrl {
  const scheme = given.slice(0, given.indexOf(":")).toLowerCase();
  const rest = given.slice(scheme.length);
  if (scheme === "file") return fromFileUrl(`${scheme}${rest}`);
  if (!["https", "http", "ssh", "git"].includes(scheme))
    return refused(`\`${scheme}://\` is not a way to clone from here. ${accepted}`);
  if (!URL.canParse(`${scheme}${rest}`)) return refused(`\`${scheme}${rest}\` is not a URL. ${accepted}`);
  const url = new URL(`${scheme}${rest}`);
  if (url.hostname === "" || decodedOr(url.hostname, "-").startsWith("-") || url.username.startsWith("-"))
    return refused(`The clone URL names no host. ${accepted}`);
  if (url.pathname.replace(/\/+$/, "") === "")
    return refused("The clone URL names a host, but no repository on it. Add the path of the repository.");
  if (scheme === "https" || scheme === "http") return fromWeb(url);
  if (url.password !== "")
    return refused(`\`${scheme}://\` takes no password from a URL. Take it out, and use a key or an https URL.`);
  return remote(trimSlashes(`${scheme}${rest}`), url.pathname, null);
}

/** Tokens stand in a URL as the password, or, by a habit of some forges, alone in the place of the user name. */
function fromWeb(url: URL): ParsedCloneUrl {
  if (url.search !== "" || url.hash !== "")
    return refused("A clone URL has no `?` and no `#`. Take the URL that the forge shows for cloning.");
  const username = decodedOr(url.username, null);
  const password = decodedOr(url.password, null);
  if (username === null || password === null || /\p{Cc}/u.test(username + password))
    return refused("The user name or password in the clone URL is not written as URLs need it. Check its `%` signs.");
  const credential = credentialIn(username, password);
  if (credential !== null) {
    url.username = "";
    url.password = "";
  }
  return remote(trimSlashes(url.href), url.pathname, credential);
}

const tokenAlone = /^(gh[pousr]_|github_pat_|gl[a-z]{2,5}-|ATBB|ATCTT)\w+|^[0-9a-f]{40}$/;

function credentialIn(username: string, password: string): Credential | null {
  if (password !== "") return { username: username === "" ? "x-access-token" : username, password };
  return tokenAlone.test(username) ? { username: "x-access-token", password: username } : null;
}

function fromFileUrl(url: string): ParsedCloneUrl {
  const path = decodedOr(url.slice("file://".length), null);
  if (path === null || !path.startsWith("/") || /\p{Cc}/u.test(path))
    return refused("A file URL has three slashes and an absolute path: `file:///srv/repository.git`.");
  const directory = path.replace(/(?<=.)\/+$/, "");
  return { ok: true, url: trimSlashes(url), credential: null, name: directoryName(directory), directory };
}

/** Git's own rule: a colon before the first slash. All else without a scheme is a relative path. */
function fromScpLike(given: string): ParsedCloneUrl {
  const found = /^(?:([^@:/]+)@)?(\[[^\]/]+\]|[^:/@]+):(.+)$/.exec(given);
  if (!found)
    return refused(`\`${given}\` is a relative path, and Trellis does not know what it is relative to. ${accepted}`);
  const [, user = "", host = "", path = ""] = found;
  if (host.startsWith("-") || user.startsWith("-") || /\s/.test(user + host))
    return refused(`\`${host}\` is not the name of a host. ${accepted}`);
  if (path.startsWith(":")) return refused(`\`${given}\` is not an address that git knows. ${accepted}`);
  return remote(trimSlashes(given), path, null);
}

function remote(url: string, path: string, credential: Credential | null): ParsedCloneUrl {
  const segments = (decodedOr(path, path) ?? path).split("/").filter((segment) => segment !== "" && segment !== "~");
  const name = segments
    .slice(-2)
    .join("/")
    .replace(/(?<=[^/])\.git$/, "");
  return { ok: true, url, credential, name, directory: null };
}

const trimSlashes = (url: string) => url.replace(/(?<=[^/:])\/+$/, "");

/** `fallback` where the percent signs are no encoding. */
function decodedOr<T>(text: string, fallback: T): string | T {
  try {
    return decodeURIComponent(text);
  } catch {
    return fallback; // a stray `%`: the caller says what that means for the URL
  }
}
