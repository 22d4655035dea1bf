"use client";
import Link from "next/link";
import { ForgeLink } from "@/components/pulls/forge-link";
import { PullBadgeList } from "@/components/pulls/pull-badge-list";
import { namesOf } from "@/components/pulls/pull-facts";
import { pullLook, pullName, shortTitle } from "@/components/pulls/pull-look";
import { useOpenPulls } from "@/components/pulls/use-open-pulls";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { List, ListRow } from "@/components/ui/list";
import { EmptyState } from "@/components/ui/notice";
import type { SessionView } from "@/server/protocol/api";
import type { OpenPullView, PullView } from "@/server/protocol/pulls";
import { adoptablePulls } from "./adoptable-pulls";
import { useCommands } from "./use-commands";
import { pullPath } from "./use-path";

/** How many are open, or may be. */
export function openPulls(sessions: readonly SessionView[]): number {
  return sessions.flatMap(({ prs }) => prs.filter(isLiving)).length;
}

const isLiving = ({ state }: PullView) => state === "open" || state === "unknown";

type RepositoryPullsProps = { repositoryId: string; sessions: readonly SessionView[] };

/**
 * Those of all active sessions of a repository, the open ones first: a row leads to its session. Then the others that
 * are open and known, from which a session can be made.
 */
export function RepositoryPulls({ repositoryId, sessions }: RepositoryPullsProps) {
  const known = useOpenPulls(repositoryId);
  const rows = sessions
    .flatMap((session) => session.prs.map((pull) => ({ session, pull })))
    .sort((a, b) => Number(isLiving(b.pull)) - Number(isLiving(a.pull)) || (b.pull.number ?? 0) - (a.pull.number ?? 0));
  const shown = new Set(rows.map(({ pull }) => pull.url));
  const others = (known.data?.items ?? []).filter(({ url }) => !shown.has(url));
  const adoptable = new Set(adoptablePulls(others, sessions, repositoryId));
  if (rows.length === 0 && others.length === 0)
    return (
      <EmptyState>
        No open pull request is known here. Push a branch of a session, and its own is found by itself.
      </EmptyState>
    );
  return (
    <List>
      {rows.map(({ session, pull }) => (
        <Row key={pull.id} session={session} pull={pull} />
      ))}
      {others.map((pull) => (
        <OtherRow key={pull.url} pull={pull} repositoryId={adoptable.has(pull) ? repositoryId : null} />
      ))}
    </List>
  );
}

/** One of no active session. `repositoryId` is null where no session can be made from it. */
function OtherRow({ pull, repositoryId }: { pull: OpenPullView; repositoryId: string | null }) {
  const { openNewSession } = useCommands();
  const { url, title, author, headRef, inFork, draft } = pull;
  const look = pullLook({ state: "open", word: draft ? "draft" : "pr_open" });
  return (
    <ListRow className="max-phone:flex-wrap">
      <div className="min-w-0 flex-1">
        <ForgeLink url={url} className="flex font-medium text-fg">
          <span className="truncate">
            <bdi>{shortTitle(title)}</bdi> <span className="font-normal text-fg-3">{pullName(pull)}</span>
          </span>
        </ForgeLink>
        <div className="truncate text-12 text-fg-3">
          {author !== null && (
            <>
              By <bdi>{author}</bdi>,{" "}
            </>
          )}
          from <code>{headRef}</code>
          {inFork && " of a fork"}
        </div>
      </div>
      {repositoryId !== null && (
        <Button size="sm" className="max-phone:h-9" onClick={() => openNewSession(repositoryId, { pullUrl: url })}>
          New Session…
        </Button>
      )}
      <div className="flex-none phone:w-39.5">
        <Badge tone={look.tone} icon={look.icon}>
          {look.word}
        </Badge>
      </div>
    </ListRow>
  );
}

function Row({ session, pull }: { session: SessionView; pull: PullView }) {
  const look = pullLook(pull);
  const place = pull.stack === null ? "" : ` · ${pull.stack.position} of ${pull.stack.size}`;
  return (
    <ListRow className="focus-within:bg-selected">
      <div className="min-w-0 flex-1">
        <Link
          href={pullPath(session.id, pull.id)}
          data-row
          className="block truncate font-medium text-fg no-underline before:absolute before:inset-0 hover:no-underline focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-focus"
        >
          <bdi>{pull.title === null ? pullName(pull) : shortTitle(pull.title)}</bdi>
          {pull.title !== null && <span className="font-normal text-fg-3"> {pullName(pull)}</span>}
        </Link>
        <div className="truncate text-12 text-fg-3">
          <bdi>{session.title}</bdi>
          {place}
        </div>
        <PullBadgeList
          pull={pull}
          except={["draft", "facts"]}
          nameOf={namesOf([...session.prs, ...session.prsAround])}
          className="relative mt-0.5 w-fit"
        />
      </div>
      <div className="relative flex-none phone:w-39.5">
        <Badge tone={look.tone} icon={look.icon}>
          {look.word}
        </Badge>
      </div>
    </ListRow>
  );
}
