import { CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

type NoticeProps = { children: ReactNode; action?: ReactNode; className?: string };

/** Nothing here: one sentence and one action. */
export function EmptyState({ children, action, className }: NoticeProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center gap-3 rounded-3 border border-dashed border-line-hover px-3.5 py-3 text-fg-2",
        className,
      )}
    >
      <p className="min-w-0 flex-1 basis-60">{children}</p>
      {action}
    </div>
  );
}

/** An error where it happened: what happened, then what to do. */
export function ErrorState({ children, action, className }: NoticeProps) {
  return (
    <div
      role="alert"
      className={cn(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-3 border border-failing-line bg-failing-soft px-3.5 py-3",
        className,
      )}
    >
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-failing" strokeWidth={1.75} />
      <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">{children}</div>
      {action}
    </div>
  );
}
