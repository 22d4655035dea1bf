import { cn } from "./cn";

/** A number in a pill. `attention` is the one filled colour: something waits for the person. */
export function Count({
  value,
  attention = false,
  className,
}: {
  value: number;
  attention?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1.25 text-11 font-semibold tabular-nums forced-colors:border",
        attention ? "bg-attention-solid text-on-attention" : "bg-active text-fg-2",
        className,
      )}
    >
      {value > 999 ? "999+" : value}
    </span>
  );
}
