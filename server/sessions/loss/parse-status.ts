export type StatusFiles = {
  /** `onDisk` is null where the status does not tell, as in a conflict. */
  changed: { path: string; onDisk: boolean | null }[];
  untracked: string[];
  /** Directories that are ignored as a whole end in `/`. */
  ignored: string[];
};

/**
 * `git status --porcelain=v2 -z`: records end in NUL, so every name stands as it is. An untracked name that ends in
 * `/` is a repository of its own, which is looked at apart. A record it does not know is an error, never skipped.
 */
export function parseStatus(output: string): StatusFiles {
  const files: StatusFiles = { changed: [], untracked: [], ignored: [] };
  const records = output.split("\0");
  if (records.pop() !== "") throw new Error("git status ended in the middle of a name");
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] ?? "";
    const kind = record[0];
    if (kind === "1") files.changed.push({ path: after(record, 8), onDisk: isOnDisk(record) });
    else if (kind === "2") {
      files.changed.push({ path: after(record, 9), onDisk: isOnDisk(record) });
      index += 1; // the name it had before
    } else if (kind === "u") files.changed.push({ path: after(record, 10), onDisk: null });
    else if (kind === "?") {
      if (!record.endsWith("/")) files.untracked.push(record.slice(2));
    } else if (kind === "!") files.ignored.push(record.slice(2));
    else if (kind !== "#") throw new Error(`git status said something unknown: ${record.slice(0, 80)}`);
  }
  return files;
}

/** What stands behind so many fields; the name itself may hold spaces. */
function after(record: string, fields: number): string {
  let from = 0;
  for (let field = 0; field < fields; field += 1) {
    from = record.indexOf(" ", from) + 1;
    if (from === 0) throw new Error(`git status said something unknown: ${record.slice(0, 80)}`);
  }
  return record.slice(from);
}

function isOnDisk(record: string): boolean {
  const staged = record[2];
  const inWorktree = record[3];
  return inWorktree !== "D" && !(staged === "D" && inWorktree === ".");
}
