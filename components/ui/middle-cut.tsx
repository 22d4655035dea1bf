import { cn } from "./cn";
import { splitMiddle } from "./format";
import { Tooltip } from "./tooltip";

/** A path or branch cut in its middle where it does not fit; the whole in the tooltip. */
export function MiddleCut({ text, tail = 12, className }: { text: string; tail?: number; className?: string }) {
  const parts = splitMiddle(text, tail);
  return (
    <Tooltip content={<span className="font-mono">{text}</span>}>
      <span
        className={cn(
          "inline-block max-w-full min-w-0 overflow-hidden align-bottom font-mono text-[0.94em] whitespace-pre",
          className,
        )}
      >
        {/* Inline blocks, not flex items: those would put a line break into what is copied by hand. */}
        <span
          className="inline-block truncate align-bottom"
          style={{ maxWidth: `calc(100% - ${parts.tail.length}ch)` }}
        >
          {parts.head}
        </span>
        {parts.tail}
      </span>
    </Tooltip>
  );
}
