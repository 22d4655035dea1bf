"use client";
import { formatAge } from "./format";
import { Tooltip } from "./tooltip";
import { useNow } from "./use-now";

/** How long ago; the exact time in the tooltip and in `datetime`. */
export function RelativeTime({ at, suffix = "" }: { at: string; suffix?: string }) {
  const then = Date.parse(at);
  const now = useNow();
  return (
    <Tooltip content={new Date(then).toLocaleString()}>
      <time dateTime={at} className="tabular">
        {formatAge(then, Math.max(now, then))}
        {suffix}
      </time>
    </Tooltip>
  );
}
