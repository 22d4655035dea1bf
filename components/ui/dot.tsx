import { cn } from "./cn";

/** The filled dot of what is up; a square where it is not, so that colour is not alone. */
export function Dot({ state = "up", className }: { state?: "up" | "off" | "bad"; className?: string }) {
  const look = {
    up: "rounded-full bg-passing",
    off: "rounded-full border-[1.5px] border-fg-3",
    bad: "rounded-[1px] bg-failing",
  }[state];
  return (
    <span aria-hidden className={cn("inline-block size-1.75 shrink-0 forced-color-adjust-none", look, className)} />
  );
}
