import type { ReactNode } from "react";

/** A part of a pull request's details, and its count. */
export function DetailHeading({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className="mt-3 mb-1 flex justify-between gap-2 text-fg-3">
      <h4 className="font-medium">{children}</h4>
      {aside !== null && <span className="shrink-0 tabular-nums">{aside}</span>}
    </div>
  );
}
