import type { ReactNode } from "react";
import { Card } from "@/components/ui/list";

/** A form of rows: name and sentence at the left, the control at the right. */
export function SettingRows({ children }: { children: ReactNode }) {
  return (
    <Card className="grid gap-x-6 gap-y-3.5 py-3.5 phone:grid-cols-[260px_minmax(0,1fr)] phone:items-center">
      {children}
    </Card>
  );
}

/** `htmlFor` where the control has a field of its own; the other controls name themselves. */
export function SettingRow({
  name,
  says,
  htmlFor,
  children,
}: {
  name: string;
  says?: string;
  htmlFor?: string;
  children: ReactNode;
}) {
  return (
    <div className="contents">
      <div>
        {htmlFor === undefined ? <span>{name}</span> : <label htmlFor={htmlFor}>{name}</label>}
        {says !== undefined && <span className="block text-12 text-fg-3">{says}</span>}
      </div>
      <div className="min-w-0">{children}</div>
    </div>
  );
}
