"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { formatUntil } from "@/components/ui/format";
import { List, ListRow } from "@/components/ui/list";
import { MiddleCut } from "@/components/ui/middle-cut";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import { useNow } from "@/components/ui/use-now";
import type { RepositoryView, RescueView } from "@/server/protocol/api";
import { useCommands } from "./use-commands";
import { sessionPath } from "./use-path";

/** What ended sessions left: refs that stay, and directories that go by themselves. */
export function Rescued({ repository }: { repository: RepositoryView }) {
  const rescues = useQuery({
    queryKey: ["rescues", repository.id],
    queryFn: () => api.rescues(repository.id),
    refetchOnMount: "always",
  });
  return (
    <Section title="Rescued" titleHidden>
      {rescues.isPending && <SkeletonRows label="Looking for what was rescued" />}
      {rescues.error !== null && (
        <ErrorState action={<Button onClick={() => void rescues.refetch()}>Look again</Button>}>
          {wordsOf(rescues.error)}
        </ErrorState>
      )}
      {rescues.data?.items.length === 0 && (
        <EmptyState>
          Nothing is kept of ended sessions. What End saves is listed here, to be restored into a new session.
        </EmptyState>
      )}
      {rescues.data !== undefined && rescues.data.items.length > 0 && (
        <List>
          {rescues.data.items.map((rescue) => (
            <RescueRow key={rescue.sessionId} rescue={rescue} repositoryId={repository.id} />
          ))}
        </List>
      )}
    </Section>
  );
}

function RescueRow({ rescue, repositoryId }: { rescue: RescueView; repositoryId: string }) {
  const { openNewSession } = useCommands();
  const { title, shortId, endedAt, rescueRefs, setAsidePath, setAsideUntil } = rescue;
  return (
    <ListRow className="items-start py-2.5">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <Link href={sessionPath(rescue.sessionId)} data-row className="font-medium text-fg">
            {title}
          </Link>
          <span className="text-12 text-fg-3">
            <span className="font-mono">{shortId}</span>, ended <RelativeTime at={endedAt} suffix=" ago" />
          </span>
        </div>
        <ul className="mt-1 grid gap-0.5 text-12 text-fg-2">
          {rescueRefs.map(({ ref, sha, subject }) => (
            <li key={ref} className="flex min-w-0 items-center gap-2">
              <MiddleCut text={ref} tail={18} className="shrink-0 max-phone:max-w-44" />
              <span className="font-mono text-11 text-fg-3">{sha.slice(0, 7)}</span>
              <span className="min-w-0 truncate">{subject}</span>
              <CopyButton text={ref} label={`Copy ${ref}`} />
            </li>
          ))}
        </ul>
        {setAsidePath !== null && <SetAside path={setAsidePath} until={setAsideUntil} />}
      </div>
      {rescueRefs.length > 0 && (
        <Button
          size="sm"
          aria-label={`Restore ${title}`}
          onClick={() => openNewSession(repositoryId, { restoreFrom: rescue.sessionId })}
        >
          Restore…
        </Button>
      )}
    </ListRow>
  );
}

/** The directory moved aside, ignored files in it, and for how long it stays. */
export function SetAside({ path, until }: { path: string; until: string | null }) {
  const now = useNow();
  return (
    <div className="mt-0.5 flex min-w-0 flex-wrap items-center gap-x-2 text-12 text-fg-3">
      <span className="flex min-w-0 items-center">
        <MiddleCut text={path} tail={24} />
        <CopyButton text={path} label="Copy the path of the directory set aside" />
      </span>
      {until !== null && <span>kept {formatUntil(Date.parse(until), now)}</span>}
    </div>
  );
}
