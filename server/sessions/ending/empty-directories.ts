import { z } from "zod";
import { type Checkout, inCheckout } from "../loss/checkout";

const maxDirectories = 200;
const mark = "empty-directory: ";

/** Directories that no tree can hold because nothing is in them; ignored ones left out, at most 200. */
export async function emptyDirectories(checkout: Checkout, signal: AbortSignal): Promise<string[]> {
  const { host, git, directory } = checkout;
  if (!directory) return [];
  const found = await host.run(
    ["find", ".", "-mindepth", "1", "(", "-name", ".git", "-prune", ")", "-o", "-type", "d", "-empty", "-print0"],
    { cwd: directory, signal },
  );
  const paths = new TextDecoder()
    .decode(found.stdout)
    .split("\0")
    .filter((path) => path !== "")
    .map((path) => path.slice(2));
  if (paths.length === 0) return [];
  const ignored = await git.try(["check-ignore", "-z", "--stdin"], {
    ...inCheckout(checkout, signal),
    input: new TextEncoder().encode(paths.map((path) => `${path}\0`).join("")),
  });
  const left = new Set(ignored.stdout.split("\0"));
  return paths.filter((path) => !left.has(path)).slice(0, maxDirectories);
}

/** As lines of a commit's message, where a restore finds them. Pure. */
export const emptyDirectoryLines = (paths: string[]): string =>
  paths.map((path) => `${mark}${JSON.stringify(path)}\n`).join("");

/** The directories that a rescue's message names. A path that leads out of the worktree is never one. Pure. */
export function parseEmptyDirectories(message: string): string[] {
  return message
    .split("\n")
    .filter((line) => line.startsWith(`${mark}"`))
    .map((line) => z.string().parse(JSON.parse(line.slice(mark.length))))
    .filter(
      (path) =>
        path !== "" && !path.startsWith("/") && !path.split("/").some((part) => part === ".." || part === ".git"),
    );
}
