"use client";
import { useMutation } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { Card } from "@/components/ui/list";
import { MiddleCut } from "@/components/ui/middle-cut";
import { ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RepositoryView } from "@/server/protocol/api";
import { CloneState } from "./clone-state";
import { hostLook } from "./host-look";
import { RestartHostDialog } from "./restart-host-dialog";

/** The host of a repository beside New Session: its state, its pod, what waits for a restart, and its clone. */
export function RepositoryHost({ repository, onSettings }: { repository: RepositoryView; onSettings: () => void }) {
  const { clone, hostState } = repository;
  return (
    <Card className="mb-5 flex flex-wrap items-start gap-x-8 gap-y-3 px-4 phone:items-center">
      <div className="min-w-48 flex-1 max-phone:basis-full">
        <CloneState repository={repository} whole />
        {hostState.podName !== null && <PodName name={hostState.podName} below={hostLook(hostState)} />}
        {hostState.state !== "reachable" && hostState.since !== null && (
          <div className="mt-0.5 pl-5.5 text-12 text-fg-3">
            Since <RelativeTime at={hostState.since} />
          </div>
        )}
      </div>
      {hostState.pending.length > 0 && <Pending repository={repository} />}
      {clone.clonedAt !== null && hostState.state === "reachable" && (
        <span className="text-12 text-fg-3">
          Cloned <RelativeTime at={clone.clonedAt} suffix=" ago" />
        </span>
      )}
      {hostState.trouble !== null && <Button onClick={onSettings}>Change its settings</Button>}
      {hostState.state === "suspended" && <Wake repositoryId={repository.id} />}
    </Card>
  );
}

/** Under the word of the line above it, which stands beside a dot or beside an icon. */
function PodName({ name, below }: { name: string; below: { dot?: boolean } }) {
  const indent = below.dot === true ? "pl-3.25" : "pl-5.5";
  return (
    <div className={cn("mt-0.5 flex min-w-0 items-center text-12 text-fg-3", indent)}>
      <MiddleCut text={name} />
      <CopyButton text={name} label="Copy the pod's name" />
    </div>
  );
}

/** Nothing that runs is ended for it: it waits until the pod starts again by itself, or is told to. */
function Pending({ repository }: { repository: RepositoryView }) {
  const [asking, setAsking] = useState(false);
  const { pending, state } = repository.hostState;
  return (
    <div className="flex min-w-60 flex-1 flex-wrap items-center gap-x-4 gap-y-2 max-phone:basis-full">
      <div className="grid min-w-48 flex-1 max-phone:basis-full grid-cols-[auto_minmax(0,1fr)] gap-x-1.75 text-12">
        <StateIcon tone="attention" icon={RefreshCw} className="mt-px size-3.5" />
        <ul className="grid gap-0.5">
          {pending.map((words) => (
            <li key={words} className="[overflow-wrap:anywhere]">
              {words}
            </li>
          ))}
        </ul>
      </div>
      {state !== "suspended" && <Button onClick={() => setAsking(true)}>Restart now…</Button>}
      {asking && <RestartHostDialog repository={repository} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Wake({ repositoryId }: { repositoryId: string }) {
  const wake = useMutation({ mutationFn: () => api.wakeHost(repositoryId) });
  return (
    <>
      <Button disabled={wake.isPending} onClick={() => wake.mutate()}>
        Wake now
      </Button>
      {wake.error !== null && <ErrorState className="basis-full">{wordsOf(wake.error)}</ErrorState>}
    </>
  );
}
