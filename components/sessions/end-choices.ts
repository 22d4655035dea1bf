import { plural } from "@/components/ui/format";
import type { LossView } from "@/server/protocol/api";
import type { LossCounts } from "./loss-rows";

export const keeps = ["rescue", "push", "commit-and-push", "nothing"] as const;
export type Keep = (typeof keeps)[number];

export const choiceWords: Record<Keep, { word: string; button: string; busy: string }> = {
  rescue: { word: "Keep a rescue", button: "Keep a rescue and end", busy: "Saving…" },
  push: { word: "Push", button: "Push and end", busy: "Pushing…" },
  "commit-and-push": { word: "Commit and push", button: "Commit, push and end", busy: "Pushing…" },
  nothing: { word: "Discard", button: "Discard and end", busy: "Ending…" },
};

/** What each choice would do with what was seen. Nothing is said of what could not be looked at. */
export function choiceSentence(keep: Keep, { commits, branches, files, unknown }: LossCounts): string {
  const work = both(commits > 0 ? plural(commits, "commit") : null, files > 0 ? plural(files, "file") : null);
  const ahead = plural(branches, "branch", "branches");
  switch (keep) {
    case "rescue":
      if (work === null && unknown > 0) return "Saves what there is of what could not be looked at, as rescue refs.";
      return work === null
        ? "Nothing seen is unsaved. Keeps a ref to restore it from."
        : `Saves ${work} as rescue refs. Restore them later into a new session.`;
    case "push":
      return commits === 0
        ? `No commits to push. Rescues ${files > 0 ? plural(files, "file") : "what is not committed"}.`
        : `Pushes ${plural(commits, "commit")} on ${ahead}, and rescues what is not committed.`;
    case "commit-and-push":
      return files === 0
        ? "Nothing to commit. Pushes the branch."
        : `Commits ${plural(files, "file")} to the branch, then pushes it.`;
    case "nothing":
      if (work === null)
        return unknown > 0
          ? "Keeps no refs. What would be lost is unknown."
          : "Keeps no refs. Nothing seen is unsaved.";
      return `Keeps no refs. ${work} ${commits + files === 1 ? "is" : "are"} gone when the directory is.`;
  }
}

/** The branches that a choice would push; the session's own where the look could not tell. */
export function pushedBranches(keep: Keep, branch: string, look: Pick<LossView, "branches"> | null): string[] {
  if (keep !== "push" && keep !== "commit-and-push") return [];
  if (look === null || look.branches.state === "unknown") return [branch];
  const ahead = look.branches.value.filter(({ commitsOnNoRemote }) => commitsOnNoRemote.count > 0);
  const own = keep === "commit-and-push" ? [branch] : [];
  return [...new Set([...own, ...ahead.flatMap((each) => each.branch ?? [])])];
}

function both(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return `${one} and ${other}`;
}
