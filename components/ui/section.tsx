import { type ReactNode, useId } from "react";
import { cn } from "./cn";
import { Count } from "./count";

type SectionProps = {
  title: string;
  count?: number;
  attention?: boolean;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
  className?: string;
  /** Where a tab says the same: the title is only spoken. */
  titleHidden?: boolean;
};

/** A titled part of a page; the title names it for screen readers. */
export function Section({
  title,
  count,
  attention = false,
  actions,
  children,
  id,
  className,
  titleHidden = false,
}: SectionProps) {
  const heading = useId();
  return (
    <section id={id} aria-labelledby={heading} className={cn("[section+&]:mt-6", className)}>
      <div className={titleHidden ? "sr-only" : "mb-1.5 flex min-h-7 items-center gap-2"}>
        <h2 id={heading}>{title}</h2>
        {count !== undefined && <Count value={count} attention={attention && count > 0} className="-ml-0.5" />}
        <span className="flex-1" />
        {actions}
      </div>
      {children}
    </section>
  );
}
