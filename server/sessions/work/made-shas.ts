const made = [
  /^commit(?: \((?:initial|amend|merge|cherry-pick|rebase)\))?: /,
  /^(?:cherry-pick|revert|am|rebase): (?!fast-forward$|aborting$|checkout \S+$)/,
  /^(?:rebase|pull)(?: \S+)* \((?:pick|squash|fixup|reword|edit|continue|merge)\): (?!fast-forward$)/,
  /^(?:merge|pull)(?: [^:\s]\S*)*: (?:Merge made by |In-index merge)/,
];

/**
 * The commits that were made where a HEAD reflog was written, newest first, from `git reflog --format=%H%x00%gs`. Git
 * also writes there whatever was only come to by a checkout, reset, pull or fast-forward: that is somebody's making, but
 * not here. Pure.
 */
export function madeShas(reflog: string): string[] {
  const shas = reflog.split("\n").flatMap((line) => {
    const [sha, message = ""] = line.split("\0");
    return sha && made.some((pattern) => pattern.test(message)) ? [sha] : [];
  });
  return [...new Set(shas)];
}
