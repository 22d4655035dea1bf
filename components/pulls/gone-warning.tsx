import { GitMerge } from "lucide-react";
import { StateIcon } from "@/components/ui/badge";
import type { PullView } from "@/server/protocol/pulls";
import { goneWords } from "./pull-facts";

type GoneWarningProps = {
  pulls: readonly PullView[];
  /** Those that would be pushed, or opened from. */
  branches: readonly string[];
  then: "ends" | "opens";
};

const advice = {
  ends: "Open another one for it first, or keep a rescue and restore it into a new session.",
  opens:
    "Another one is opened here for what came after. If the forge squashed the first, rebase onto its base before you push: else its commits stand in this one again.",
};

/** Stands where one pushes from: the branch merged, and nobody looks at it any more. */
export function GoneWarning({ pulls, branches, then }: GoneWarningProps) {
  const words = goneWords(pulls, branches);
  if (words === null) return null;
  return (
    <p
      role="status"
      className="flex items-start gap-2.5 rounded-3 border border-merged-line bg-merged-soft px-3 py-2.5 text-12"
    >
      <StateIcon icon={GitMerge} tone="merged" className="mt-px" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <b className="font-medium">{words}</b> {advice[then]}
      </span>
    </p>
  );
}
