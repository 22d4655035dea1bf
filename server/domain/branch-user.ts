/** The user part of a session branch: lower case, anything outside `[a-z0-9-]` becomes `-`, at most 32, `user` when nothing is left. */
export function branchUser(username: string): string {
  const part = username
    .toLowerCase()
    .replace(/[^a-z0-9-]/gu, "-")
    .slice(0, 32);
  return /[a-z0-9]/.test(part) ? part : "user";
}

/** The one name for the branch of a session; a child of it is this plus `-<topic>`. */
export function sessionBranch(username: string, shortId: string): string {
  return `session/${branchUser(username)}/${shortId}`;
}
