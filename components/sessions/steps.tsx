"use client";
import { useMutation } from "@tanstack/react-query";
import { Circle, CircleCheck, CircleX, LoaderCircle, type LucideIcon, RefreshCw, SquareTerminal } from "lucide-react";
import Link from "next/link";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { LogDownload } from "@/components/terminal/log-download";
import { StateIcon, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import { ErrorState } from "@/components/ui/notice";
import { useNow } from "@/components/ui/use-now";
import type { SessionView, StepView } from "@/server/protocol/api";
import { PageBody } from "./page-body";
import { SetupOutput } from "./setup-output";
import { stepsTitle } from "./steps-title";
import { repositoryPath } from "./use-path";

/** A session being made or ending, step by step; where one failed, why, and what can be done. */
export function Steps({ session }: { session: SessionView }) {
  const { steps } = session;
  const title = stepsTitle(session);
  const done = steps.filter(({ state }) => state === "done").length;
  return (
    <PageBody className="max-w-165">
      <h1>{title.what}</h1>
      <p className="mt-1.5 mb-4 text-fg-2">{title.next}</p>
      <div
        role="progressbar"
        aria-label={`${done} of ${steps.length} steps done`}
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={steps.length}
        className="mb-3.5 grid auto-cols-fr grid-flow-col gap-0.75"
      >
        {steps.map(({ step, state }) => (
          <span key={step} className={cn("h-1 rounded-[2px] forced-color-adjust-none", segment[state])} />
        ))}
      </div>
      <ol aria-label="Steps">
        {steps.map((step, index) => (
          <Step key={step.step} step={step} last={index === steps.length - 1} session={session} />
        ))}
      </ol>
    </PageBody>
  );
}

const segment: Record<StepView["state"], string> = {
  done: "bg-passing",
  running: "bg-pending",
  failed: "bg-failing",
  waiting: "bg-active",
};

const looks: Record<StepView["state"], { icon: LucideIcon; tone: Tone; word: string }> = {
  done: { icon: CircleCheck, tone: "passing", word: "Done" },
  running: { icon: LoaderCircle, tone: "pending", word: "Running" },
  failed: { icon: CircleX, tone: "failing", word: "Failed" },
  waiting: { icon: Circle, tone: "neutral", word: "Waiting" },
};

function Step({ step, last, session }: { step: StepView; last: boolean; session: SessionView }) {
  const { icon, tone, word } = looks[step.state];
  const waiting = step.state === "waiting";
  const host = step.state === "running" && session.hostState.state !== "reachable" ? session.hostState : null;
  const detail = host?.reason ?? step.detail;
  return (
    <li
      className={cn(
        "relative grid grid-cols-[22px_minmax(0,1fr)_auto] gap-x-2.5 py-2",
        !last && "before:absolute before:top-7 before:-bottom-1.5 before:left-1.75 before:w-[1.5px] before:bg-line",
      )}
    >
      <StateIcon
        icon={icon}
        tone={tone}
        label={word}
        turning={step.state === "running"}
        className={cn("mt-px", waiting && "text-fg-3")}
      />
      <span className={cn(waiting && "text-fg-3", step.state === "failed" && "font-medium")}>
        {step.title}
        {detail !== null && step.state !== "failed" && (
          <span className="ml-2 text-12 text-fg-3 [overflow-wrap:anywhere]">{detail}</span>
        )}
      </span>
      <Took step={step} />
      {step.state === "failed" && <Failed session={session} step={step} />}
      {host !== null && host.trouble !== null && <Trouble words={host.trouble} repositoryId={session.repositoryId} />}
      {step.step === "setup" && step.state === "running" && session.setupTerminalId !== null && (
        <SetupOutput sessionId={session.id} terminalId={session.setupTerminalId} />
      )}
    </li>
  );
}

/** What a person must mend before the pod can come up. */
function Trouble({ words, repositoryId }: { words: string; repositoryId: string }) {
  return (
    <ErrorState
      className="col-start-2 -col-end-1 mt-2"
      action={
        <Button asChild>
          <Link href={`${repositoryPath(repositoryId)}#settings`}>Repository settings</Link>
        </Button>
      }
    >
      {words}
    </ErrorState>
  );
}

function Took({ step }: { step: StepView }) {
  const now = useNow();
  if (step.startedAt === null) return <span />;
  const from = Date.parse(step.startedAt);
  const to = step.endedAt === null ? (step.state === "running" ? Math.max(now, from) : null) : Date.parse(step.endedAt);
  return <span className="tabular text-12 text-fg-3">{to === null ? "" : formatDuration(to - from)}</span>;
}

const mayBeLeftOut = new Set(["copy-files", "setup"]);

function Failed({ session, step }: { session: SessionView; step: StepView }) {
  const retry = useMutation({ mutationFn: (skip: boolean) => api.retry(session.id, skip) });
  const output = session.failure?.output ?? null;
  return (
    <div className="col-start-2 -col-end-1">
      <p className="text-fg-2 [overflow-wrap:anywhere] whitespace-pre-wrap">{session.failure?.reason ?? step.detail}</p>
      {output !== null && output !== "" && (
        <pre className="mt-2 max-h-80 overflow-auto rounded-2 border border-line bg-term px-2.75 py-2 font-mono text-[11.5px] leading-normal whitespace-pre-wrap text-term-fg [overflow-wrap:anywhere]">
          {output}
        </pre>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" disabled={retry.isPending} onClick={() => retry.mutate(false)}>
          <RefreshCw className="size-3.5!" strokeWidth={1.75} />
          Retry from here
        </Button>
        {mayBeLeftOut.has(step.step) && (
          <Button disabled={retry.isPending} onClick={() => retry.mutate(true)}>
            <SquareTerminal className="size-3.5!" strokeWidth={1.75} />
            Go on without it
          </Button>
        )}
        {step.step === "setup" && session.setupTerminalId !== null && (
          <LogDownload
            sessionId={session.id}
            terminalId={session.setupTerminalId}
            name={`${session.shortId}-setup.log`}
          >
            Whole output
          </LogDownload>
        )}
      </div>
      {retry.error !== null && <ErrorState className="mt-3">{wordsOf(retry.error)}</ErrorState>}
    </div>
  );
}
