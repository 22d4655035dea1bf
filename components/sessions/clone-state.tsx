import { CircleX, LoaderCircle, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { StateIcon } from "@/components/ui/badge";
import { Dot } from "@/components/ui/dot";
import type { RepositoryView } from "@/server/protocol/api";

const hostNames = { local: "This machine", kubernetes: "Repo pod" } as const;

/** Where a repository's sessions live and whether its clone is there: what stands beside every New Session. */
export function CloneState({ repository }: { repository: RepositoryView }) {
  const { clone, hostState } = repository;
  if (hostState.state === "unreachable")
    return (
      <Line
        icon={<StateIcon tone="attention" icon={Unplug} />}
        words={`${hostNames[hostState.kind]} unreachable`}
        detail={hostState.reason}
        tone="text-attention"
      />
    );
  switch (clone.state) {
    case "ready":
      return <Line icon={<Dot />} words={hostNames[hostState.kind]} detail={null} />;
    case "failed":
      return (
        <Line
          icon={<StateIcon tone="failing" icon={CircleX} />}
          words="The clone failed and is tried again"
          detail={clone.detail}
          tone="text-failing"
        />
      );
    case "cloning":
      return (
        <>
          <Line
            icon={<StateIcon tone="pending" icon={LoaderCircle} turning />}
            words={clone.percent === null ? "Cloning" : `Cloning, ${clone.percent} %`}
            detail={clone.detail}
          />
          <Meter percent={clone.percent} />
        </>
      );
    case "deleting":
      return (
        <Line
          icon={<StateIcon tone="neutral" icon={LoaderCircle} turning />}
          words="Being deleted"
          detail={clone.detail}
        />
      );
  }
}

type LineProps = { icon: ReactNode; words: string; detail: string | null; tone?: string };

function Line({ icon, words, detail, tone = "text-fg-2" }: LineProps) {
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-1.5 text-12">
      {icon}
      <span className={tone}>{words}</span>
      {detail !== null && detail !== "" && (
        <span className="col-start-2 line-clamp-4 font-mono text-11 text-fg-3 [overflow-wrap:anywhere]">{detail}</span>
      )}
    </div>
  );
}

function Meter({ percent }: { percent: number | null }) {
  return (
    <div
      role="progressbar"
      aria-label="Clone"
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { "aria-valuenow": percent })}
      className="mt-1.5 h-1 forced-color-adjust-none overflow-hidden rounded-full bg-active"
    >
      <div
        className="h-full rounded-full bg-pending transition-[width] duration-(--t-slow)"
        style={{ width: `${percent ?? 0}%` }}
      />
    </div>
  );
}
