import { access, constants, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, delimiter, isAbsolute, join, resolve } from "node:path";

/** What to start, looked at before: a program that is not there is said in words, not by a shell that ends with 1. */
export type Found =
  | { kind: "found"; file: string; args: string[]; env: Record<string, string> }
  | { kind: "missing"; reason: string };

type Wanted = {
  command: string[] | null;
  cwd: string;
  env: Record<string, string>;
  /** `env` is all that a login gives: a login shell's own start-up files would put a system's defaults in its place. */
  isLogin: boolean;
};

const loginShells = new Set(["sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "ash", "tcsh", "csh", "nu"]);
const defaultPath = "/usr/local/bin:/usr/bin:/bin";

/** `command: null` is the first that is there of SHELL, the account's shell, bash and sh. */
export async function findProgram({ command, cwd, env, isLogin }: Wanted): Promise<Found> {
  const directory = await stat(cwd).catch(() => null);
  if (directory === null) return { kind: "missing", reason: `the directory ${cwd} is not there` };
  if (!directory.isDirectory()) return { kind: "missing", reason: `${cwd} is not a directory` };
  if (!(await allowed(cwd))) return { kind: "missing", reason: `the directory ${cwd} may not be entered` };
  if (command === null) return findShell(env, isLogin);
  const [name = "", ...args] = command;
  const file = await locate(name, cwd, env.PATH || defaultPath);
  // By the name that was asked for, which the program sees as its own; without a PATH the system would not find it.
  if (file !== null) return { kind: "found", file: env.PATH ? name : file, args, env: {} };
  return { kind: "missing", reason: `the program ${name} is not there or may not be run` };
}

async function findShell(env: Record<string, string>, isLogin: boolean): Promise<Found> {
  const wanted = [...new Set([env.SHELL ?? "", accountShell() ?? "", "/bin/bash", "/bin/sh"])].filter(isAbsolute);
  for (const shell of wanted) {
    if ((await locate(shell, "/", defaultPath)) === null) continue;
    // A leading dash in argv[0] cannot be given through forkpty; these know the option.
    const args = !isLogin && loginShells.has(basename(shell)) ? ["-l"] : [];
    return { kind: "found", file: shell, args, env: { SHELL: shell } };
  }
  return { kind: "missing", reason: `there is no shell here: none of ${wanted.join(", ")} can be run` };
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
