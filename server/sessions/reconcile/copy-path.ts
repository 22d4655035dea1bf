/** Why a path may not be copied into worktrees, or null. Pure; where symlinks lead is for the host to say. */
export function copyPathProblem(path: string): string | null {
  if (path.trim() === "" || /\p{Cc}/u.test(path)) return "it is empty or holds a control character";
  if (path.startsWith("/") || path.startsWith("~")) return "it must be relative to the repository";
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments.includes("..")) return "it may not lead out of the repository";
  if (segments.some((segment) => segment.toLowerCase() === ".git")) return "git's own directory is not copied";
  if (segments.every((segment) => segment === ".")) return "name the files, not the whole repository";
  return null;
}
