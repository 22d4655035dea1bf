import type { SessionView } from "@/server/protocol/api";

const failed: Record<string, { what: string; next: string }> = {
  host: { what: "The host cannot be reached", next: "Nothing was made yet. Mend the cause and retry from this step." },
  clone: {
    what: "The repository could not be cloned",
    next: "Nothing was made yet. Mend the cause and retry from this step.",
  },
  fetch: {
    what: "The latest could not be fetched",
    next: "No worktree was made yet. Mend the cause and retry from this step.",
  },
  worktree: { what: "The worktree could not be made", next: "Mend the cause and retry from this step." },
  "copy-files": {
    what: "Files could not be copied in",
    next: "The worktree is ready and nothing is lost. Mend the cause and retry from this step, or work without them.",
  },
  setup: {
    what: "The setup script stopped",
    next: "The worktree is ready and nothing is lost. Mend the cause and retry from this step, or work without it.",
  },
  terminal: {
    what: "The terminal could not be started",
    next: "The worktree is ready and nothing is lost. Retry from this step.",
  },
};

/** The outcome in the title, and what can be done in the sentence below it. */
export function stepsTitle({ phase, failure, hostState }: Pick<SessionView, "phase" | "failure" | "hostState">): {
  what: string;
  next: string;
} {
  if (phase === "failed") {
    const known = failed[failure?.step ?? ""];
    return (
      known ?? {
        what: "The session could not be ended",
        next: "What is not saved yet is still in its worktree. Retry goes on where it stopped.",
      }
    );
  }
  if (phase === "ending")
    return {
      what: "Ending the session",
      next: "Saved first, checked, then set aside. You may leave this page; it goes on.",
    };
  if (hostState.trouble !== null)
    return {
      what: "The pod cannot start",
      next: "Nothing is lost. Mend the cause; the session goes on by itself as soon as the pod is up.",
    };
  return { what: "Making the session", next: "You may leave this page; it goes on." };
}
