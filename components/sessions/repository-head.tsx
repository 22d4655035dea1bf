"use client";
import { ChevronDown, GitBranch, Plus, Settings } from "lucide-react";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { MiddleCut } from "@/components/ui/middle-cut";
import { ErrorState } from "@/components/ui/notice";
import { Tooltip } from "@/components/ui/tooltip";
import type { RepositoryView } from "@/server/protocol/api";
import { RepositoryHost } from "./repository-host";
import { useCommands } from "./use-commands";
import { useNewSession } from "./use-new-session";

/** Name, where it comes from, New Session beside it, and its host below. */
export function RepositoryHead({ repository, onSettings }: { repository: RepositoryView; onSettings: () => void }) {
  const { openNewSession } = useCommands();
  const make = useNewSession();
  const { clone, cloneUrl, defaultBranch, name, id } = repository;
  return (
    <>
      <header className="mb-4 flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1 max-phone:basis-full">
          <h1 className="truncate">{name}</h1>
          <div className="mt-1.25 flex min-w-0 flex-wrap items-center gap-x-3.5 gap-y-1 text-12 text-fg-3">
            <span className="flex items-center gap-1.25">
              <GitBranch aria-hidden className="size-3.5" strokeWidth={1.75} />
              {defaultBranch === null ? "No default branch yet" : <span className="font-mono">{defaultBranch}</span>}
            </span>
            <span className="flex min-w-0 items-center">
              <MiddleCut text={cloneUrl} tail={20} />
              <CopyButton text={cloneUrl} label="Copy the clone URL" />
            </span>
          </div>
        </div>
        <Button onClick={onSettings}>
          <Settings className="size-3.5!" strokeWidth={1.75} />
          <span className="max-phone:sr-only">Settings</span>
        </Button>
        <NewSessionButtons
          busy={make.isPending || clone.state === "deleting"}
          onNow={() => make.mutate({ repositoryId: id })}
          onMore={() => openNewSession(id)}
        />
      </header>
      {make.error !== null && <ErrorState className="mb-4">{wordsOf(make.error)}</ErrorState>}
      <RepositoryHost repository={repository} onSettings={onSettings} />
    </>
  );
}

/** One click makes a session at once; the second button asks first. */
function NewSessionButtons({ busy, onNow, onMore }: { busy: boolean; onNow: () => void; onMore: () => void }) {
  return (
    <div className="flex max-phone:flex-1">
      <Button look="primary" className="rounded-r-none max-phone:flex-1" disabled={busy} onClick={onNow}>
        <Plus className="size-3.5!" strokeWidth={1.75} />
        New Session
      </Button>
      <Tooltip content="More choices: a title, another base, a pull request">
        <Button
          look="primary"
          shape="icon"
          aria-label="More choices"
          className="rounded-l-none border-l-[color-mix(in_srgb,currentColor_30%,transparent)]"
          onClick={onMore}
        >
          <ChevronDown className="size-3.5!" strokeWidth={1.75} />
        </Button>
      </Tooltip>
    </div>
  );
}
