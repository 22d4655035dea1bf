"use client";
import { useMutation } from "@tanstack/react-query";
import { ChevronLeft, GitBranch } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/field";
import { MiddleCut } from "@/components/ui/middle-cut";
import { Tooltip } from "@/components/ui/tooltip";
import type { SessionView } from "@/server/protocol/api";
import { SessionBadge } from "./session-badge";
import { repositoryPath } from "./use-path";

/** Where this is, what it is called, its branch, its badge, and End Session. */
export function SessionHead({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const canEnd = session.state === "active" && session.phase !== "ending";
  // On a phone the session's own pane has the button, where there are panes.
  const hasPanes = session.phase === "active" || session.phase === "unreachable";
  return (
    <header className="flex h-13 flex-none items-center gap-2.5 border-b border-line bg-panel pr-2 pl-1 phone:h-(--h-bar) phone:px-3">
      <Button asChild look="quiet" shape="icon" className="phone:hidden">
        <Link href="/" aria-label="Back to the overview">
          <ChevronLeft strokeWidth={1.75} />
        </Link>
      </Button>
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <Link href={repositoryPath(session.repositoryId)} className="shrink-0 text-fg-3 max-phone:hidden">
          {session.repositoryName}
        </Link>
        <span aria-hidden className="text-fg-3 max-phone:hidden">
          /
        </span>
        <div className="min-w-0">
          <Title session={session} />
          <MiddleCut text={session.branch} className="flex text-11 text-fg-3 phone:hidden" />
        </div>
        <span className="flex h-6 min-w-0 items-center gap-1 rounded-1 border border-line pl-1.75 text-12 text-fg-2 max-phone:hidden">
          <GitBranch aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
          <MiddleCut text={session.branch} />
          <CopyButton text={session.branch} label="Copy the branch name" />
        </span>
      </div>
      <SessionBadge session={session} />
      {canEnd && (
        <Button size="sm" className={hasPanes ? "max-phone:hidden" : undefined} onClick={onEnd}>
          End Session
        </Button>
      )}
    </header>
  );
}

/** The title, changed in place: Enter keeps it, Escape leaves it. */
function Title({ session }: { session: SessionView }) {
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (title: string) => api.renameSession(session.id, title),
    onSuccess: () => setDraft(null),
  });
  if (draft === null)
    return (
      <Tooltip content="Rename">
        <button
          type="button"
          aria-label={`Rename ${session.title}`}
          onClick={() => setDraft(session.title)}
          className="touch flex max-w-full min-w-0 items-center gap-1.5 rounded-1 font-semibold hover:bg-hover"
        >
          <h1 className="truncate text-13 tracking-normal">
            <bdi>{session.title}</bdi>
          </h1>
        </button>
      </Tooltip>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const title = draft.trim();
    if (title === "" || title === session.title) setDraft(null);
    else rename.mutate(title);
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-2">
      <input
        aria-label="Title"
        // The person has just asked to type here.
        // biome-ignore lint/a11y/noAutofocus: the button that was pressed becomes this field
        autoFocus
        maxLength={200}
        value={draft}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={submit}
        onKeyDown={(event) => {
          if (event.key === "Escape") setDraft(null);
        }}
        className="h-7 w-56 rounded-1 border border-line-strong bg-panel px-1.5 font-semibold"
      />
      {rename.error !== null && <FieldError>{wordsOf(rename.error)}</FieldError>}
    </form>
  );
}
