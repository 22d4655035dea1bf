"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { List } from "@/components/ui/list";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { SessionView } from "@/server/protocol/api";
import { SessionRow } from "./session-row";

/** All ended sessions, newest first, a page at a time; those that end meanwhile come in by themselves. */
export function EndedSessions({
  repositoryId,
  withRepository = false,
}: {
  repositoryId?: string;
  withRepository?: boolean;
}) {
  const { data } = useLive();
  const pages = useInfiniteQuery({
    queryKey: ["ended-sessions", repositoryId ?? "all"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.endedSessions({
        ...(repositoryId === undefined ? {} : { repositoryId }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    getNextPageParam: (last) => last.nextCursor,
  });
  const live = Object.values(data?.sessions ?? {}).filter(
    (session) => session.state === "ended" && (repositoryId === undefined || session.repositoryId === repositoryId),
  );
  const sessions = together(live, pages.data?.pages.flatMap(({ items }) => items) ?? []);
  return (
    <Section title="Ended sessions" titleHidden={repositoryId !== undefined}>
      {pages.isPending && sessions.length === 0 && <SkeletonRows label="Loading ended sessions" />}
      {pages.error !== null && (
        <ErrorState className="mb-2" action={<Button onClick={() => void pages.refetch()}>Try again</Button>}>
          {wordsOf(pages.error)}
        </ErrorState>
      )}
      {pages.isSuccess && sessions.length === 0 && <EmptyState>No session has ended yet.</EmptyState>}
      {sessions.length > 0 && (
        <List>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} withRepository={withRepository} />
          ))}
        </List>
      )}
      {pages.hasNextPage && (
        <Button
          look="quiet"
          className="mt-2"
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </Section>
  );
}

/** What events told is newer than what a page told. */
function together(live: SessionView[], paged: SessionView[]): SessionView[] {
  const byId = new Map([...paged, ...live].map((session) => [session.id, session]));
  return [...byId.values()].sort((a, b) => (b.endedAt ?? "").localeCompare(a.endedAt ?? ""));
}
