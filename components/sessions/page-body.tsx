import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** The scrolling part of a page, its text not wider than it can be read. */
export function PageBody({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto px-3.5 pt-3.5 pb-6 phone:px-8 phone:pt-6 phone:pb-8">
      <div className={cn("mx-auto max-w-310", className)}>{children}</div>
    </div>
  );
}

/** Two columns from 1180 px on; one below. */
export function Columns({ main, aside }: { main: ReactNode; aside: ReactNode }) {
  return (
    <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,1fr)_356px] wide:gap-8">
      <div className="min-w-0">{main}</div>
      <div className="min-w-0">{aside}</div>
    </div>
  );
}
