"use client";
import { useMutation } from "@tanstack/react-query";
import { GitMerge, LoaderCircle, Moon, TriangleAlert, Unplug } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FieldError } from "@/components/ui/field";
import type { SessionView } from "@/server/protocol/api";
import { keepMerged, useKeptMerged } from "./kept-merged";
import { mergedKey } from "./needs-you";
import { repositoryPath } from "./use-path";

/** What is so with the whole session, above its terminals: its host is away, starts or rests; an end was given up. */
export function SessionStrip({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const { phase, endRefusal, hostState, status } = session;
  if (phase === "unreachable") return <HostStrip session={session} />;
  if (phase === "active" && hostState.state === "suspended") return <RestStrip session={session} />;
  if (phase === "active" && endRefusal === null && status === "merged")
    return <MergedStrip session={session} onEnd={onEnd} />;
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

/** Unknown, on its way, or held up until a person mends it: three different things. */
function HostStrip({ session: { hostState, phaseDetail, repositoryId } }: { session: SessionView }) {
  if (hostState.trouble !== null)
    return (
      <Strip
        icon={TriangleAlert}
        tone="failing"
        action={
          <Button asChild size="sm">
            <Link href={`${repositoryPath(repositoryId)}#settings`}>Repository settings</Link>
          </Button>
        }
      >
        <b className="font-medium">Its pod cannot start.</b> Files are kept on its volume. {hostState.trouble}
      </Strip>
    );
  if (hostState.state === "starting")
    return (
      <Strip icon={LoaderCircle} tone="pending">
        <b className="font-medium">Its pod is starting.</b> Terminals go on as soon as it is up.{" "}
        <span className="text-fg-2">{hostState.reason}</span>
      </Strip>
    );
  return (
    <Strip icon={Unplug}>
      <b className="font-medium">Its host cannot be reached.</b> What runs there is unknown; it is tried again by
      itself. <span className="font-mono text-11 text-fg-2">{hostState.reason ?? phaseDetail}</span>
    </Strip>
  );
}

function RestStrip({ session: { repositoryId, hostState } }: { session: SessionView }) {
  const wake = useMutation({ mutationFn: () => api.wakeHost(repositoryId) });
  return (
    <Strip
      icon={Moon}
      tone="neutral"
      action={
        <Button size="sm" disabled={wake.isPending} onClick={() => wake.mutate()}>
          Wake now
        </Button>
      }
    >
      {hostState.reason === null ? (
        <>
          <b className="font-medium">Its pod rests.</b> Nothing was running in it; files are as they were.
        </>
      ) : (
        <>
          <b className="font-medium">Its pod is down.</b> {hostState.reason}.
        </>
      )}{" "}
      Terminals get new shells in the worktree when it is up.
      {wake.error !== null && <FieldError>{wordsOf(wake.error)}</FieldError>}
    </Strip>
  );
}

/** Nothing ends by itself: the session goes on until a person ends it. */
function MergedStrip({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const kept = useKeptMerged();
  const key = mergedKey(session);
  if (kept.has(key)) return null;
  const merged = session.prs.filter(({ state }) => state === "merged").length;
  return (
    <Strip
      icon={GitMerge}
      tone="merged"
      action={
        <span className="flex gap-1">
          <Button size="sm" look="quiet" onClick={() => keepMerged(key)}>
            Keep
          </Button>
          <Button size="sm" onClick={onEnd}>
            End Session…
          </Button>
        </span>
      }
    >
      <b className="font-medium">
        {merged === 1 ? "Its pull request is merged." : `All ${merged} pull requests are merged.`}
      </b>{" "}
      None is open. The session goes on until you end it.
    </Strip>
  );
}

const strips = {
  attention: "border-attention-line bg-attention-soft",
  failing: "border-failing-line bg-failing-soft",
  pending: "border-pending-line bg-pending-soft",
  neutral: "border-line bg-app",
  merged: "border-merged-line bg-merged-soft",
} as const;

type StripProps = { icon: typeof Unplug; tone?: keyof typeof strips; children: ReactNode; action?: ReactNode };

function Strip({ icon: Icon, tone = "attention", children, action }: StripProps) {
  return (
    <div
      role="status"
      className={cn(
        "flex max-h-40 flex-none items-start gap-2 overflow-auto border-b py-1.25 pr-1.5 pl-3 text-12",
        strips[tone],
      )}
    >
      <StateIcon icon={Icon} tone={tone} turning={tone === "pending"} className="mt-0.5" />
      <span className="min-w-0 flex-1 pt-0.5 [overflow-wrap:anywhere]">{children}</span>
      {action}
    </div>
  );
}
