"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/components/live/api";
import { ApiFailure, wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/components/ui/format";
import { ErrorState } from "@/components/ui/notice";
import { type HostBurdenView, hostBurden, type RepositoryView } from "@/server/protocol/api";

type RestartHostDialogProps = { repository: RepositoryView; onClose: () => void };

/** Starts a pod again. Where something runs in it, that is shown first and asked about; what changed since, again. */
export function RestartHostDialog({ repository, onClose }: RestartHostDialogProps) {
  const [burden, setBurden] = useState<HostBurdenView | null>(null);
  const restart = useMutation({
    mutationFn: () => api.restartHost(repository.id, burden?.token),
    onSuccess: onClose,
    onError: (error) => setBurden(burdenIn(error)),
  });
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Leave it running</Button>
      <Button
        look={burden === null ? "primary" : "danger"}
        disabled={restart.isPending}
        onClick={() => restart.mutate()}
      >
        {burden !== null ? restartWords(burden) : restart.isPending ? "Looking…" : "Restart"}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={`Restart the pod of ${repository.name}?`}
      description={
        burden === null
          ? "Looked at first: where a program runs, you are asked again."
          : "This runs in it now and would end. Files stay as they are."
      }
      footer={footer}
    >
      <div className="grid gap-3.5">
        {restart.error !== null && burden === null && <ErrorState>{wordsOf(restart.error)}</ErrorState>}
        {burden === null ? <WhatHappens pending={repository.hostState.pending} /> : <Burden burden={burden} />}
      </div>
    </Dialog>
  );
}

function burdenIn(error: unknown): HostBurdenView | null {
  const read = error instanceof ApiFailure && error.code === "conflict" ? hostBurden.safeParse(error.details) : null;
  return read?.success === true ? read.data : null;
}

function restartWords({ sessions, unknown }: HostBurdenView): string {
  const count = sessions.reduce((sum, { programs }) => sum + programs.length, 0);
  if (unknown.length > 0) return "End what runs and restart";
  return `End ${plural(count, "program")} and restart`;
}

function WhatHappens({ pending }: { pending: string[] }) {
  return (
    <ul className="grid list-disc gap-1 pl-4.5 text-fg-2 marker:text-fg-3">
      {pending.map((words) => (
        <li key={words} className="[overflow-wrap:anywhere]">
          {words}
        </li>
      ))}
      <li>Worktrees, unpushed work and files of the volume stay as they are.</li>
      <li>Terminals at their prompt get a new shell in their worktree.</li>
    </ul>
  );
}

function Burden({ burden: { sessions, unknown } }: { burden: HostBurdenView }) {
  return (
    <>
      {sessions.map(({ sessionId, title, programs }) => (
        <section key={sessionId}>
          <h3 className="font-medium">{title}</h3>
          <ul className="mt-1 max-h-40 overflow-auto rounded-2 border border-line px-2.5 py-1.5 font-mono text-11 text-fg-2">
            {programs.map(({ pid, command }) => (
              <li key={pid} className="[overflow-wrap:anywhere]">
                {command}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {unknown.map(({ sessionId, title, reason }) => (
        <section key={sessionId}>
          <h3 className="font-medium">{title}</h3>
          <p className="mt-1 hatched rounded-2 border border-dashed border-line-strong px-2.5 py-1.5 text-12 text-fg-2 [overflow-wrap:anywhere]">
            Unknown what runs: {reason}
          </p>
        </section>
      ))}
    </>
  );
}
