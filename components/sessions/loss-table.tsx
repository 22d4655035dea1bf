import {
  CircleCheck,
  CircleQuestionMark,
  File,
  FileDiff,
  FolderGit2,
  GitCommitHorizontal,
  GitMerge,
  Layers,
  type LucideIcon,
  Play,
} from "lucide-react";
import { StateIcon, type Tone } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import type { LossView } from "@/server/protocol/api";
import { type LossRow, lineKey, lossRows } from "./loss-rows";

const icons: Record<LossRow["subject"], LucideIcon> = {
  commits: GitCommitHorizontal,
  files: FileDiff,
  ignored: File,
  stashes: Layers,
  operation: GitMerge,
  nested: FolderGit2,
  programs: Play,
  look: CircleCheck,
};

const tones: Record<LossRow["kind"], Tone> = {
  lost: "attention",
  stops: "attention",
  stays: "neutral",
  unknown: "unknown",
  none: "passing",
};

/** Rows of what was looked at. `fresh` marks what an earlier look did not have. */
export function LossTable({ loss, fresh }: { loss: LossView; fresh: ReadonlySet<string> }) {
  return (
    <ul aria-label="What ending would lose" className="overflow-hidden rounded-3 border border-line">
      {lossRows(loss).map((row) => (
        <li
          key={row.key}
          className={cn(
            "grid grid-cols-[20px_minmax(0,1fr)] gap-x-2 gap-y-0.5 border-t border-line-faint px-3 py-2 text-12 first:border-t-0 phone:grid-cols-[20px_152px_minmax(0,1fr)]",
            row.kind === "unknown" && "hatched",
          )}
        >
          <StateIcon
            tone={tones[row.kind]}
            icon={row.kind === "unknown" ? CircleQuestionMark : icons[row.subject]}
            className="mt-px"
          />
          <span className="font-medium">
            {row.title}
            {row.lines.length === 0 && fresh.has(`${row.key} ${row.words ?? row.title}`) && <New />}
          </span>
          <div className="max-h-44 min-w-0 overflow-auto text-fg-2 max-phone:col-start-2">
            <Lines row={row} fresh={fresh} />
            {row.more > 0 && <div className="text-fg-3">and {row.more.toLocaleString("en-US")} more</div>}
            {row.words}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Lines({ row, fresh }: { row: LossRow; fresh: ReadonlySet<string> }) {
  if (row.lines.length === 0) return null;
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2.5 gap-y-px">
      {row.lines.map((line) => (
        <div key={lineKey(row, line)} className="contents">
          <span className="max-w-32 truncate font-mono text-11 leading-[1.6]" title={line.mark}>
            {line.mark}
          </span>
          <span
            className={cn(
              "truncate",
              row.subject !== "commits" && row.subject !== "stashes" && "font-mono text-11 leading-[1.6]",
            )}
            title={line.text}
          >
            {line.text}
          </span>
          <span className="tabular text-right text-fg-3">{fresh.has(lineKey(row, line)) ? <New /> : line.side}</span>
        </div>
      ))}
    </div>
  );
}

function New() {
  return <span className="ml-1.5 rounded-1 bg-attention-soft px-1 text-11 font-medium text-attention">new</span>;
}
