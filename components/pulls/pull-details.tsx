"use client";
import { CircleCheck, Lock, TriangleAlert } from "lucide-react";
import { StateIcon } from "@/components/ui/badge";
import { isolated } from "@/components/ui/format";
import { MiddleCut } from "@/components/ui/middle-cut";
import { RelativeTime } from "@/components/ui/relative-time";
import type { SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { CheckList } from "./check-list";
import { DetailHeading } from "./detail-heading";
import { ForgeLink } from "./forge-link";
import { PullActions } from "./pull-actions";
import { mergeWords, namesOf, nextBase } from "./pull-facts";
import { forgeNames, pullName } from "./pull-look";
import { ReviewList } from "./review-list";

type PullDetailsProps = {
  pull: PullView;
  session: SessionView;
  /** All that stand with it. */
  all: readonly PullView[];
  defaultBranch: string | null;
  onUnlinked: (pull: PullView) => void;
};

/** The chosen one: why it is here, its checks, reviewers and mergeability, and what may be done with it. */
export function PullDetails({ pull, session, all, defaultBranch, onUnlinked }: PullDetailsProps) {
  const name = pullName(pull);
  const nameOf = namesOf(all);
  const parent = pull.stack?.parentUrl ? nameOf(pull.stack.parentUrl) : null;
  const merge = mergeWords(pull, parent);
  const isOwn = pull.sessionId === session.id;
  return (
    <section aria-label={`Details of ${name}`} className="border-t border-line px-3.5 py-3 text-12">
      <div className="flex items-baseline gap-2 text-13">
        <h3 className="min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">
          {pull.title === null ? name : `${name} `}
          <bdi>{pull.title === null ? null : isolated(pull.title)}</bdi>
        </h3>
        <ForgeLink url={pull.url} icon className="shrink-0 text-12 pointer-coarse:min-h-11">
          {pull.provider === null ? "Open" : forgeNames[pull.provider]}
        </ForgeLink>
      </div>
      <Origin pull={pull} isOwn={isOwn} />
      {pull.state === "unknown" ? (
        <Unseen />
      ) : (
        <>
          {pull.state === "open" && <CheckList pull={pull} />}
          {pull.state === "open" && <ReviewList pull={pull} />}
          <DetailHeading aside={pull.autoMerge && pull.state === "open" ? "auto-merge is on" : null}>
            Merge
          </DetailHeading>
          <p className="flex items-start gap-1.75 py-0.5 text-fg-2">
            <StateIcon {...mergeIcon(pull, merge.may)} className="mt-px" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {merge.words}
              {pull.mergedAt !== null && (
                <>
                  , <RelativeTime at={pull.mergedAt} suffix=" ago" />
                </>
              )}
            </span>
          </p>
        </>
      )}
      <PullActions
        {...{ pull, session, isOwn, onUnlinked, all }}
        mayMerge={merge.may}
        nextBase={nextBase(pull, all, defaultBranch)}
      />
    </section>
  );
}

/** From which branch onto which, by whom, and what made it this session's. */
function Origin({ pull, isOwn }: { pull: PullView; isOwn: boolean }) {
  const { headRef, baseRef, author, createdAt, evidence } = pull;
  return (
    <div className="mt-0.5 text-fg-3">
      {headRef !== null && baseRef !== null && (
        <div className="flex min-w-0 items-baseline gap-1">
          <MiddleCut text={headRef} className="min-w-0" /> <span className="shrink-0">into</span>{" "}
          <MiddleCut text={baseRef} className="min-w-0" />
        </div>
      )}
      {author !== null && (
        <div>
          By <bdi>{isolated(author)}</bdi>
          {createdAt !== null && (
            <>
              , <RelativeTime at={createdAt} suffix=" ago" />
            </>
          )}
        </div>
      )}
      {isOwn && evidence !== null && <div className="[overflow-wrap:anywhere]">Of this session: {evidence}.</div>}
      {!isOwn && <div>Not of this session: it is shown because it stands in a stack with one that is.</div>}
    </div>
  );
}

function Unseen() {
  return (
    <p className="mt-2 text-fg-2">
      Nothing is known of it: no look at it succeeded. Its forge may be one that is not added yet:{" "}
      <a href="/settings#forges">Forges in the settings</a>.
    </p>
  );
}

function mergeIcon({ mergeable, state }: PullView, may: boolean) {
  if (state === "open" && mergeable === "conflict") return { icon: TriangleAlert, tone: "failing" } as const;
  return may || state === "merged"
    ? ({ icon: CircleCheck, tone: state === "merged" ? "merged" : "passing" } as const)
    : ({ icon: Lock, tone: "neutral" } as const);
}
