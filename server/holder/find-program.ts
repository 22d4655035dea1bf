import { access, constants, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, delimiter, isAbsolute, join, resolve } from "node:path";

/** What to start, looked at before: a program that is not there is said in words, not by a shell that ends with 1. */
export type Found = { kind: "found"; file: string; args: string[] } | { kind: "missing"; reason: string };

type Wanted = { command: string[] | null; cwd: string; env: Record<string, string> };

const loginShells = new Set(["sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "ash", "tcsh", "csh", "nu"]);
const defaultPath = "/usr/local/bin:/usr/bin:/bin";

/** `command: null` is the login shell: SHELL, else the account's, else /bin/sh. */
export async function findProgram({ command, cwd, env }: Wanted): Promise<Found> {
  const directory = await stat(cwd).catch(() => null);
  if (directory === null) return { kind: "missing", reason: `the directory ${cwd} is not there` };
  if (!directory.isDirectory()) return { kind: "missing", reason: `${cwd} is not a directory` };
  if (!(await allowed(cwd))) return { kind: "missing", reason: `the directory ${cwd} may not be entered` };
  const [name = "", ...args] = command ?? loginCommand(env);
  const file = await locate(name, cwd, env.PATH || defaultPath);
  // By the name that was asked for, which the program sees as its own; without a PATH the system would not find it.
  if (file !== null) return { kind: "found", file: env.PATH ? name : file, args };
  const what = command === null ? "the login shell" : "the program";
  return { kind: "missing", reason: `${what} ${name} is not there or may not be run` };
}

function loginCommand(env: Record<string, string>): string[] {
  const shell = env.SHELL || accountShell() || "/bin/sh";
  // A leading dash in argv[0] cannot be given through forkpty; these know the option.
  return loginShells.has(basename(shell)) ? [shell, "-l"] : [shell];
}

function accountShell(): string | null {
  try {
    return userInfo().shell;
  } catch {
    // A uid without a passwd entry, as in many containers: /bin/sh then.
    return null;
  }
}

async function locate(name: string, cwd: string, path: string): Promise<string | null> {
  const candidates = name.includes("/")
    ? [isAbsolute(name) ? name : resolve(cwd, name)]
    : path.split(delimiter).map((folder) => join(resolve(cwd, folder || "."), name));
  for (const candidate of name === "" ? [] : candidates) {
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile() && (await allowed(candidate))) return candidate;
  }
  return null;
}

function allowed(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
