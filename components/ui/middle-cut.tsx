import { cn } from "./cn";
import { splitMiddle } from "./format";
import { Tooltip } from "./tooltip";

/** A path or branch cut in its middle where it does not fit; the whole in the tooltip. */
export function MiddleCut({ text, tail = 12, className }: { text: string; tail?: number; className?: string }) {
  const parts = splitMiddle(text, tail);
  return (
    <Tooltip content={<span className="font-mono">{text}</span>}>
      <span className={cn("inline-flex max-w-full min-w-0 font-mono text-[0.94em]", className)}>
        <span className="min-w-0 truncate whitespace-pre">{parts.head}</span>
        <span className="shrink-0 whitespace-pre">{parts.tail}</span>
      </span>
    </Tooltip>
  );
}
