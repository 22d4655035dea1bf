import { isAbsolute } from "node:path";

export type LoginUser = { username: string; homedir: string; shell: string | null };

/** What a login gives. Everything else, the server's own settings and keys first of all, stays with the server. */
const names = new Set([
  ...["HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "EDITOR", "VISUAL", "PAGER"],
  ...["SSH_AUTH_SOCK", "GNUPGHOME", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"],
  ...["XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"],
  ...["http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"],
]);

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The clean environment of everything that runs for a person on this machine, from the server's own as data. */
export function loginEnvironment(env: Record<string, string | undefined>, user: LoginUser): Record<string, string> {
  const { username, homedir, shell } = user;
  const login: Record<string, string> = { HOME: homedir, USER: username, LOGNAME: username };
  if (shell) login.SHELL = shell;
  for (const [name, value] of Object.entries(env)) {
    if (value && (names.has(name) || name.startsWith("LC_"))) login[name] = value;
  }
  login.PATH = withoutNpm(env.PATH ?? "") || systemPath;
  return login;
}

/** npm puts its own directories in front for whatever it runs; a shell of a person has none of them. */
function withoutNpm(path: string): string {
  const kept = path
    .split(":")
    .filter((entry) => isAbsolute(entry) && !/\/node_modules\/\.bin\/?$|\/node-gyp-bin\/?$/.test(entry));
  return [...new Set(kept)].join(":");
}
