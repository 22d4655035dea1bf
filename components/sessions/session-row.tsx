import Link from "next/link";
import { MiniStack } from "@/components/pulls/mini-stack";
import { ListRow } from "@/components/ui/list";
import { MiddleCut } from "@/components/ui/middle-cut";
import { RelativeTime } from "@/components/ui/relative-time";
import type { SessionView } from "@/server/protocol/api";
import { Kept } from "./kept";
import { SessionBadge } from "./session-badge";
import { UnreadCount } from "./unread-count";
import { sessionPath } from "./use-path";

/** One session in a list: the whole row opens it. `withRepository` where the list is of more than one. */
export function SessionRow({ session, withRepository = false }: { session: SessionView; withRepository?: boolean }) {
  return (
    <ListRow className="focus-within:bg-selected">
      <div className="min-w-0 flex-1">
        <Link
          href={sessionPath(session.id)}
          data-row
          className="block truncate font-medium text-fg no-underline before:absolute before:inset-0 hover:no-underline focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-focus"
        >
          <bdi>{session.title}</bdi>
        </Link>
        <div className="flex min-w-0 items-baseline gap-1 text-12 text-fg-3">
          {withRepository && <span className="shrink-0 max-phone:hidden">{session.repositoryName} ·</span>}
          <MiddleCut text={session.branch} className="relative" />
        </div>
      </div>
      <UnreadCount sessionId={session.id} />
      <div className="relative w-22 flex-none items-center max-phone:hidden phone:flex">
        <MiniStack pulls={session.prs} />
      </div>
      <div className="relative flex flex-none items-center phone:w-39.5">
        {session.state === "ended" ? <Kept session={session} /> : <SessionBadge session={session} />}
      </div>
      <div className="relative w-13.5 flex-none text-right text-12 text-fg-3 max-phone:hidden">
        <RelativeTime at={session.endedAt ?? session.createdAt} />
      </div>
    </ListRow>
  );
}
