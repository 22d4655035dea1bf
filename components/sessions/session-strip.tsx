"use client";
import { TriangleAlert, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { SessionView } from "@/server/protocol/api";

/** What is wrong with the whole session, above its terminals: an end that was given up, a host that is away. */
export function SessionStrip({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const { phase, phaseDetail, endRefusal } = session;
  if (phase === "unreachable")
    return (
      <Strip icon={Unplug}>
        <b className="font-medium">Its host cannot be reached.</b> What runs there is unknown; it is tried again by
        itself. <span className="font-mono text-11 text-fg-2">{phaseDetail}</span>
      </Strip>
    );
  if (endRefusal === null || phase !== "active") return null;
  return (
    <Strip
      icon={TriangleAlert}
      action={
        <Button size="sm" onClick={onEnd}>
          End Session…
        </Button>
      }
    >
      <b className="font-medium">It was not ended, and goes on.</b>{" "}
      <span className="whitespace-pre-wrap">{endRefusal.reason}</span>
    </Strip>
  );
}

type StripProps = { icon: typeof Unplug; children: ReactNode; action?: ReactNode };

function Strip({ icon: Icon, children, action }: StripProps) {
  return (
    <div
      role="status"
      className="flex max-h-40 flex-none items-start gap-2 overflow-auto border-b border-attention-line bg-attention-soft py-1.25 pr-1.5 pl-3 text-12"
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-attention" strokeWidth={1.75} />
      <span className="min-w-0 flex-1 pt-0.5 [overflow-wrap:anywhere]">{children}</span>
      {action}
    </div>
  );
}
