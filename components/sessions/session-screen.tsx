"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { learnSession, useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/notice";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { SessionView } from "@/server/protocol/api";
import { EndDialog } from "./end-dialog";
import { EndedSession } from "./ended-session";
import { PageBody } from "./page-body";
import { SessionHead } from "./session-head";
import { Steps } from "./steps";
import { usePathId } from "./use-path";
import { Work } from "./work";

/** One session, from its creation to what is left of it. */
export function SessionScreen() {
  const id = usePathId("sessions");
  const { data } = useLive();
  const session = id === null ? undefined : data?.sessions[id];
  if (session !== undefined) return <Known key={session.id} session={session} />;
  if (id === null || data === null)
    return (
      <PageBody>
        <SkeletonRows rows={3} label="Loading the session" />
      </PageBody>
    );
  return <Older key={id} id={id} />;
}

/** Events tell of active sessions and the newest ended ones; an older one is asked for. */
function Older({ id }: { id: string }) {
  const older = useQuery({ queryKey: ["session", id], queryFn: () => api.session(id) });
  useEffect(() => {
    if (older.data !== undefined) learnSession(older.data);
  }, [older.data]);
  return (
    <PageBody className="max-w-160">
      {older.isPending && <SkeletonRows rows={3} label="Loading the session" />}
      {older.error !== null && (
        <ErrorState action={<Button onClick={() => void older.refetch()}>Try again</Button>}>
          {wordsOf(older.error)} <Link href="/">Go to the overview</Link>
        </ErrorState>
      )}
    </PageBody>
  );
}

function Known({ session }: { session: SessionView }) {
  const [ending, setEnding] = useEndHash();
  const canEnd = session.state === "active" && session.phase !== "ending";
  return (
    <>
      <SessionHead session={session} onEnd={() => setEnding(true)} />
      <Body session={session} onEnd={() => setEnding(true)} />
      {ending && canEnd && <EndDialog session={session} onClose={() => setEnding(false)} />}
    </>
  );
}

/** While it is made, while it ends and where a step failed the steps are what matters; else the terminals. */
function Body({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  if (session.phase === "ended") return <EndedSession session={session} />;
  const making = session.phase === "creating" || session.phase === "failed" || session.phase === "ending";
  return making && session.steps.length > 0 ? <Steps session={session} /> : <Work session={session} onEnd={onEnd} />;
}

/** `#end` opens the dialog, so that any row or the palette can lead to it. */
function useEndHash(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const look = () => setOpen(location.hash === "#end");
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return [
    open,
    (next) => {
      setOpen(next);
      if (!next && location.hash === "#end") history.replaceState(history.state, "", location.pathname);
    },
  ];
}
