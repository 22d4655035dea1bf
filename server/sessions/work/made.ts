import type { SessionDeps } from "../session-deps";
import { askWorktree } from "./ask-worktree";
import { madeShas } from "./made-shas";

/** Git forgets older entries by itself; whoever asks keeps what was told. */
const maxEntries = 5_000;

/** The commits that were made in a session's worktree, as far as its reflog goes back; null when nothing can be known now. */
export async function made(deps: SessionDeps, sessionId: string): Promise<string[] | null> {
  const args = ["log", "-g", `--max-count=${maxEntries}`, "--no-show-signature", "--format=%H%x00%gs", "HEAD", "--"];
  const reflog = await askWorktree(deps, sessionId, args);
  return reflog === null ? null : madeShas(reflog);
}
