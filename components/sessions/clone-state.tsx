import { CircleX, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { StateIcon, toneText } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { Dot } from "@/components/ui/dot";
import type { HostStateView, RepositoryView } from "@/server/protocol/api";
import { hostLook } from "./host-look";

/** Where a repository's sessions live and whether its clone is there: what stands beside every New Session. */
export function CloneState({ repository, whole = false }: { repository: RepositoryView; whole?: boolean }) {
  const { clone, hostState } = repository;
  if (hostState.state !== "reachable" && clone.state !== "deleting") return <HostLine host={hostState} whole={whole} />;
  switch (clone.state) {
    case "ready":
      return <HostLine host={hostState} whole={whole} />;
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

/** The state of a host in a word, and the sentence that goes with it. */
function HostLine({ host, whole }: { host: HostStateView; whole: boolean }) {
  const { word, icon, tone, turning = false, dot = false, detail } = hostLook(host);
  return (
    <Line
      icon={dot ? <Dot /> : <StateIcon tone={tone} icon={icon} turning={turning} />}
      words={word}
      detail={detail}
      tone={tone === "failing" || tone === "attention" ? toneText[tone] : "text-fg-2"}
      prose
      whole={whole}
    />
  );
}

type LineProps = {
  icon: ReactNode;
  words: string;
  detail: string | null;
  tone?: string;
  /** The detail is a sentence of ours, not a program's output. */
  prose?: boolean;
  /** Never cut: what a person must mend is read to its end somewhere. */
  whole?: boolean;
};

function Line({ icon, words, detail, tone = "text-fg-2", prose = false, whole = false }: LineProps) {
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-1.5 text-12">
      {icon}
      <span className={tone}>{words}</span>
      {detail !== null && detail !== "" && (
        <span
          className={cn(
            "col-start-2 [overflow-wrap:anywhere]",
            whole ? "text-fg-2" : "line-clamp-4 text-fg-3",
            prose ? "text-12" : "font-mono text-11",
          )}
        >
          {detail}
        </span>
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
