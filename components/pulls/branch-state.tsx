"use client";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { plural } from "@/components/ui/format";
import type { PullDraftView } from "@/server/protocol/pulls";
import { pushCommand } from "./pull-draft";

type BranchStateProps = {
  draft: PullDraftView | undefined;
  error: Error | null;
  isLooking: boolean;
  onLook: () => void;
};

/** What the forge would not see of the branch, and the command that mends it. Silent where all of it was pushed. */
export function BranchState({ draft, error, isLooking, onLook }: BranchStateProps) {
  const again = (
    <Button size="sm" disabled={isLooking} onClick={onLook}>
      {isLooking ? "Looking…" : "Look again"}
    </Button>
  );
  if (error !== null)
    return (
      <p role="status" className="flex flex-wrap items-center gap-2 text-12 text-fg-2">
        <span className="min-w-0 flex-1 basis-60">{wordsOf(error)}</span>
        {again}
      </p>
    );
  if (draft === undefined) return null;
  const { head, base, commits, isPushed, unpushed } = draft;
  if (!isPushed)
    return (
      <Warning action={again} command={pushCommand(head)}>
        Nothing of <Branch name={head} /> is pushed yet. Push it first, in a terminal of this session:
      </Warning>
    );
  if (unpushed > 0)
    return (
      <Warning action={again} command={pushCommand(head)}>
        {plural(unpushed, "commit")} of <Branch name={head} /> {unpushed === 1 ? "is" : "are"} only in the worktree, and
        would not be in it. Push first, in a terminal of this session:
      </Warning>
    );
  if (commits.length > 0) return null;
  return (
    <Warning action={again} command={null}>
      <Branch name={head} /> adds no commit to <Branch name={base} />: there is nothing to open yet.
    </Warning>
  );
}

const Branch = ({ name }: { name: string }) => <code className="[overflow-wrap:anywhere]">{name}</code>;

type WarningProps = { command: string | null; action: ReactNode; children: ReactNode };

function Warning({ command, action, children }: WarningProps) {
  return (
    <div
      role="status"
      className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5 rounded-3 border border-attention-line bg-attention-soft px-3 py-2.5 text-12"
    >
      <StateIcon icon={TriangleAlert} tone="attention" className="mt-px" />
      <div className="grid gap-1.5 [overflow-wrap:anywhere]">
        <p>{children}</p>
        {command !== null && (
          <p className="flex items-center gap-1">
            <code className="min-w-0 flex-1 rounded-1 bg-inset px-2 py-1">{command}</code>
            <CopyButton text={command} label="Copy the command" />
          </p>
        )}
        <div>{action}</div>
      </div>
    </div>
  );
}
