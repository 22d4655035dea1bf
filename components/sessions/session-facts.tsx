"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { MiddleCut } from "@/components/ui/middle-cut";
import { RelativeTime } from "@/components/ui/relative-time";
import type { SessionView } from "@/server/protocol/api";
import { hostLook } from "./host-look";
import { reasonOf } from "./phase-look";
import { SessionBadge } from "./session-badge";
import { repositoryPath, sessionPath } from "./use-path";

/** What is known of a session, each with when it was seen where that matters. */
export function SessionFacts({ session, onEnd }: { session: SessionView; onEnd?: () => void }) {
  const { branch, baseBranch, baseSha, worktreePath, createdAt, seenAt, restoredFromId } = session;
  return (
    <div className="p-3.5">
      <h2 className="mb-2.5 max-phone:sr-only">Session</h2>
      <dl className="grid items-baseline grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 gap-y-2 text-12 max-phone:gap-y-3 max-phone:text-13">
        <Fact name="Phase">
          <SessionBadge session={session} />
          <div className="mt-1 text-fg-3">{reasonOf(session)}</div>
        </Fact>
        <Fact name="Repository">
          <Link href={repositoryPath(session.repositoryId)}>{session.repositoryName}</Link>
        </Fact>
        <Fact name="Branch">
          <Copied text={branch} label="Copy the branch name" />
        </Fact>
        <Fact name="Base">
          {baseBranch === null ? (
            "Not chosen yet"
          ) : (
            <span className="font-mono">
              {baseBranch}
              {baseSha !== null && ` at ${baseSha.slice(0, 7)}`}
            </span>
          )}
        </Fact>
        <Fact name="Worktree">
          {worktreePath === null ? (
            "Not made yet"
          ) : (
            <Copied text={worktreePath} label="Copy the worktree's path" tail={20} />
          )}
        </Fact>
        <Fact name="Host">
          <div className="text-fg-2">{hostLook(session.hostState).word}</div>
          {session.podName !== null && <Copied text={session.podName} label="Copy the pod's name" tail={16} />}
        </Fact>
        <Fact name="Seen">{seenAt === null ? "Not yet" : <RelativeTime at={seenAt} suffix=" ago" />}</Fact>
        <Fact name="Made">
          <RelativeTime at={createdAt} suffix=" ago" />
        </Fact>
        {restoredFromId !== null && (
          <Fact name="Restored from">
            <Link href={sessionPath(restoredFromId)}>the ended session</Link>
          </Fact>
        )}
      </dl>
      {onEnd !== undefined && (
        <Button size="touch" className="mt-6 w-full phone:hidden" onClick={onEnd}>
          End Session
        </Button>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-fg-3">{name}</dt>
      <dd className="min-w-0 text-fg-2">{children}</dd>
    </div>
  );
}

function Copied({ text, label, tail = 12 }: { text: string; label: string; tail?: number }) {
  return (
    <span className="flex min-w-0 items-center">
      <MiddleCut text={text} tail={tail} />
      <CopyButton text={text} label={label} />
    </span>
  );
}
