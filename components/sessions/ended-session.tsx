"use client";
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { readLog } from "@/components/live/read-log";
import { useLive } from "@/components/live/use-live";
import { PullsPanel } from "@/components/pulls/pulls-panel";
import { LogDownload } from "@/components/terminal/log-download";
import { plainOutput } from "@/components/terminal/plain-output";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format";
import { Card, List, ListRow } from "@/components/ui/list";
import { MiddleCut } from "@/components/ui/middle-cut";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import type { SessionView, TerminalView } from "@/server/protocol/api";
import { Columns, PageBody } from "./page-body";
import { SetAside } from "./rescued";
import { SessionFacts } from "./session-facts";
import { useCommands } from "./use-commands";
import { usePullHash } from "./use-pull-hash";

/** What is left of a session: refs, branches, the directory, the terminals' output. */
export function EndedSession({ session }: { session: SessionView }) {
  const { openNewSession } = useCommands();
  const { rescueRefs, endedAt } = session;
  return (
    <PageBody>
      <header className="mb-6 flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1 basis-60">
          <h1>This session has ended</h1>
          <p className="mt-1 text-fg-2">
            {endedAt !== null && <RelativeTime at={endedAt} suffix=" ago" />}. What was kept of it stands below.
          </p>
        </div>
        {rescueRefs.length > 0 && (
          <Button look="primary" onClick={() => openNewSession(session.repositoryId, { restoreFrom: session.id })}>
            <Undo2 className="size-3.5!" strokeWidth={1.75} />
            Restore into a new session…
          </Button>
        )}
      </header>
      <Columns
        main={<Kept session={session} />}
        aside={
          <div className="grid gap-6">
            {session.prs.length > 0 && <Pulls session={session} />}
            <Card className="p-0">
              <SessionFacts session={session} />
            </Card>
          </div>
        }
      />
    </PageBody>
  );
}

/** Followed until they are merged or closed. */
function Pulls({ session }: { session: SessionView }) {
  const { data } = useLive();
  const { openNewSession } = useCommands();
  const { pullId, choosePull } = usePullHash();
  return (
    <Section title="Pull requests" count={session.prs.length} className="min-w-0">
      <Card className="overflow-hidden p-0">
        <PullsPanel
          session={session}
          repository={data?.repositories[session.repositoryId]}
          chosenId={pullId}
          onChoose={choosePull}
          onNewSession={(pullUrl) => openNewSession(session.repositoryId, { pullUrl })}
        />
      </Card>
    </Section>
  );
}

function Kept({ session }: { session: SessionView }) {
  const { rescueRefs, pushedBranches, setAsidePath, setAsideUntil, terminals } = session;
  return (
    <>
      <Section title="Rescue refs" count={rescueRefs.length}>
        {rescueRefs.length === 0 ? (
          <EmptyState>None: everything was pushed, or it was discarded.</EmptyState>
        ) : (
          <List>
            {rescueRefs.map(({ ref, sha }) => (
              <Named key={ref} text={ref} side={sha.slice(0, 7)} label={`Copy ${ref}`} />
            ))}
          </List>
        )}
      </Section>
      {pushedBranches.length > 0 && (
        <Section title="Pushed branches" count={pushedBranches.length}>
          <List>
            {pushedBranches.map((branch) => (
              <Named key={branch} text={branch} side="" label={`Copy ${branch}`} />
            ))}
          </List>
        </Section>
      )}
      <Section title="Directory">
        {setAsidePath === null ? (
          <EmptyState>The directory is gone; ignored files with it.</EmptyState>
        ) : (
          <Card>
            <p className="text-fg-2">Set aside with all its files, ignored ones too.</p>
            <SetAside path={setAsidePath} until={setAsideUntil} />
          </Card>
        )}
      </Section>
      {terminals.length > 0 && (
        <Section title="Output of its terminals" count={terminals.length}>
          <List>
            {terminals.map((terminal) => (
              <TerminalLog key={terminal.id} session={session} terminal={terminal} />
            ))}
          </List>
        </Section>
      )}
    </>
  );
}

function Named({ text, side, label }: { text: string; side: string; label: string }) {
  return (
    <ListRow className="min-h-9 py-1">
      <MiddleCut text={text} tail={20} className="flex-1" />
      <span className="font-mono text-11 text-fg-3">{side}</span>
      <CopyButton text={text} label={label} />
    </ListRow>
  );
}

const shownChars = 200_000;

function TerminalLog({ session, terminal }: { session: SessionView; terminal: TerminalView }) {
  const [shown, setShown] = useState(false);
  const log = useQuery({
    queryKey: ["log", terminal.id],
    enabled: shown,
    queryFn: async () => {
      const { bytes, offset, headOffset } = await readLog(session.id, terminal.id);
      return { text: plainOutput(bytes).trimEnd(), missing: offset, bytes: headOffset - offset };
    },
  });
  return (
    <ListRow className="flex-wrap py-2 hover:bg-transparent">
      <span className="min-w-0 flex-1 truncate font-medium">{terminal.title}</span>
      <Button look="quiet" size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? "Hide" : "Read"}
      </Button>
      <LogDownload sessionId={session.id} terminalId={terminal.id} name={`${session.shortId}-${terminal.title}.log`}>
        Download
      </LogDownload>
      {shown && (
        <div className="basis-full">
          {log.isPending && <p className="text-12 text-fg-3">Reading…</p>}
          {log.error !== null && <ErrorState>{wordsOf(log.error)}</ErrorState>}
          {log.data !== undefined && (
            <>
              {log.data.missing > 0 && (
                <p className="text-12 text-fg-3">{formatBytes(log.data.missing)} before this are no longer kept.</p>
              )}
              <pre className="max-h-120 overflow-auto rounded-2 border border-line bg-term px-2.75 py-2 font-mono text-[11.5px] leading-normal whitespace-pre-wrap text-term-fg [overflow-wrap:anywhere]">
                {log.data.text.slice(-shownChars) || "It printed nothing."}
              </pre>
            </>
          )}
        </div>
      )}
    </ListRow>
  );
}
