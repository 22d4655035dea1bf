"use client";
import { useMutation } from "@tanstack/react-query";
import { GitMerge, Link2, type LucideIcon, TriangleAlert, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import type { RepositoryView, SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { ForgeLink } from "./forge-link";
import { goneOn } from "./pull-facts";
import { pullName } from "./pull-look";

/** The branch merged and the session goes on: told before somebody pushes into nothing. */
export function MergedNote({ session, onOpen }: { session: SessionView; onOpen: () => void }) {
  const merged = goneOn(session.prs, session.branch);
  if (merged === null || session.state !== "active") return null;
  return (
    <Note
      icon={GitMerge}
      tone="merged"
      action={
        <Button size="sm" onClick={onOpen}>
          Open another…
        </Button>
      }
    >
      <b className="font-medium">{pullName(merged)} of this branch is merged.</b>{" "}
      <span className="text-fg-2">What is pushed to it from now on is in no pull request.</span>
    </Note>
  );
}

/** The forge answers, and does not give this repository: what is shown is as old as it says. */
export function TroubleNote({ trouble }: { trouble: RepositoryView["pullTrouble"] }) {
  if (trouble === null) return null;
  return (
    <Note icon={TriangleAlert} tone="attention">
      <b className="font-medium">Nothing new is seen of its pull requests.</b>{" "}
      <span className="text-fg-2">{trouble.reason}</span>
    </Note>
  );
}

type PullHintsProps = {
  session: SessionView;
  onLinked: (pull: PullView) => void;
  /** A session of its own is wanted for the one of that address. */
  onNewSession: (url: string) => void;
};

/** Addresses that programs printed and that nobody tracks: never proof of whose they are, so a person says. */
export function PullHints({ session, onLinked, onNewSession }: PullHintsProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  return session.pullHints
    .filter((url) => !hidden.has(url))
    .map((url) => (
      <Hint
        key={url}
        url={url}
        sessionId={session.id}
        onLinked={onLinked}
        onNewSession={() => onNewSession(url)}
        onHide={() => setHidden(new Set([...hidden, url]))}
      />
    ));
}

type HintProps = {
  url: string;
  sessionId: string;
  onLinked: (pull: PullView) => void;
  onNewSession: () => void;
  onHide: () => void;
};

function Hint({ url, sessionId, onLinked, onNewSession, onHide }: HintProps) {
  const track = useMutation({ mutationFn: () => api.createPull(sessionId, { url }), onSuccess: onLinked });
  return (
    <Note
      icon={Link2}
      tone="neutral"
      action={
        <>
          <Button size="sm" disabled={track.isPending} onClick={() => track.mutate()}>
            Track it
          </Button>
          <Button size="sm" look="quiet" onClick={onNewSession}>
            New Session…
          </Button>
          <IconButton label="Hide until the page is loaded again" onClick={onHide}>
            <X strokeWidth={1.75} className="size-3.5!" />
          </IconButton>
        </>
      }
    >
      A program here printed{" "}
      <ForgeLink url={url} className="inline font-mono text-11 [overflow-wrap:anywhere]">
        {url.replace(/^https?:\/\//, "")}
      </ForgeLink>
      . Is it of this session?
      {track.error !== null && <FieldError>{wordsOf(track.error)}</FieldError>}
    </Note>
  );
}

/** Taken away just now: one click takes it back. */
export function UnlinkedNote({ pull, sessionId, onDone }: { pull: PullView; sessionId: string; onDone: () => void }) {
  const link = useMutation({ mutationFn: () => api.createPull(sessionId, { url: pull.url }), onSuccess: onDone });
  return (
    <Note
      icon={Link2}
      tone="neutral"
      action={
        <>
          <Button size="sm" disabled={link.isPending} onClick={() => link.mutate()}>
            Link again
          </Button>
          <IconButton label="Hide" onClick={onDone}>
            <X strokeWidth={1.75} className="size-3.5!" />
          </IconButton>
        </>
      }
    >
      {pullName(pull)} is not of this session any more. It goes on at the forge.
      {link.error !== null && <FieldError>{wordsOf(link.error)}</FieldError>}
    </Note>
  );
}

type NoteProps = { icon: LucideIcon; tone: Tone; action?: ReactNode; children: ReactNode };

function Note({ icon, tone, action, children }: NoteProps) {
  return (
    <div role="status" className="flex flex-wrap items-start gap-2 border-b border-line px-3 py-2 text-12">
      <StateIcon icon={icon} tone={tone} className="mt-0.5" />
      <span className="min-w-0 flex-1 basis-40 pt-px [overflow-wrap:anywhere]">{children}</span>
      <span className="ml-auto flex shrink-0 items-center gap-1">{action}</span>
    </div>
  );
}
