"use client";
import { useMutation } from "@tanstack/react-query";
import { ChevronRight, Link2, Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { toneText } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { isolated } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RepositoryView, SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { LinkPullDialog } from "./link-pull-dialog";
import { NoPulls } from "./no-pulls";
import { NudgeList } from "./nudge-list";
import { OpenPullDialog } from "./open-pull-dialog";
import { PullDetails } from "./pull-details";
import { countingPulls, namesOf } from "./pull-facts";
import { MergedNote, PullHints, TroubleNote, UnlinkedNote } from "./pull-notes";
import { type PullGroup, pullTree } from "./pull-tree";
import { PullTreeView } from "./pull-tree-view";

type PullsPanelProps = {
  session: SessionView;
  repository: RepositoryView | undefined;
  /** Null until one is chosen: then the one that gives the session its state stands in the details. */
  chosenId: string | null;
  onChoose: (id: string) => void;
  /** A session of its own is wanted for the pull request of that address. */
  onNewSession: (url: string) => void;
};

type Asking = "open" | "link" | null;

/** The pull requests of a session: messages, the stack as a tree, and the chosen one in full. */
export function PullsPanel({ session, repository, chosenId, onChoose, onNewSession }: PullsPanelProps) {
  const [asking, setAsking] = useState<Asking>(null);
  const [unlinked, setUnlinked] = useState<PullView | null>(null);
  const all = [...session.prs, ...session.prsAround];
  const defaultBranch = repository?.defaultBranch ?? session.baseBranch;
  const chosen = all.find(({ id }) => id === chosenId) ?? firstOf(session.prs) ?? all[0] ?? null;
  const choose = (pull: PullView) => onChoose(pull.id);
  return (
    <div className="flex min-h-full flex-col">
      <Head pulls={session.prs} canOpen={session.state === "active"} onAsk={setAsking} />
      {unlinked !== null && <UnlinkedNote pull={unlinked} sessionId={session.id} onDone={() => setUnlinked(null)} />}
      {repository !== undefined && <TroubleNote trouble={repository.pullTrouble} />}
      <PullHints session={session} onLinked={choose} onNewSession={onNewSession} />
      <MergedNote session={session} onOpen={() => setAsking("open")} />
      <NudgeList session={session} setting={repository?.settings.nudges ?? null} />
      {chosen === null ? (
        <NoPulls cloneUrl={repository?.cloneUrl ?? null} onOpen={() => setAsking("open")} />
      ) : (
        <>
          <Stack session={session} all={all} chosenId={chosen.id} onChoose={onChoose} />
          <PullDetails key={chosen.id} {...{ pull: chosen, session, all, defaultBranch }} onUnlinked={setUnlinked} />
          <Seen key={`seen ${chosen.id}`} pull={chosen} session={session} />
        </>
      )}
      {asking === "open" && (
        <OpenPullDialog {...{ session, defaultBranch }} onClose={() => setAsking(null)} onOpened={choose} />
      )}
      {asking === "link" && <LinkPullDialog sessionId={session.id} onClose={() => setAsking(null)} onLinked={choose} />}
    </div>
  );
}

type HeadProps = { pulls: readonly PullView[]; canOpen: boolean; onAsk: (asking: Asking) => void };

/** The title where no tab above says it; how many are open, and the two ways to get one. */
function Head({ pulls, canOpen, onAsk }: HeadProps) {
  const open = pulls.filter(({ state }) => state === "open").length;
  return (
    <div className="flex h-(--h-tabs) flex-none items-center gap-1 border-b border-line pr-1.5 pl-3.5 max-phone:h-12">
      <h2 className="phone:sr-only">Pull requests</h2>
      <span className="flex-1 text-12 text-fg-3">{pulls.length > 0 && `${open} open`}</span>
      {canOpen && (
        <>
          <Button look="quiet" size="sm" onClick={() => onAsk("link")}>
            <Link2 className="size-3.5!" strokeWidth={1.75} />
            Link
          </Button>
          <Button look="quiet" size="sm" onClick={() => onAsk("open")}>
            <Plus className="size-3.5!" strokeWidth={1.75} />
            Open
          </Button>
        </>
      )}
    </div>
  );
}

/** The worst of those that count stands first in the session's own list of reasons. */
function firstOf(own: readonly PullView[]): PullView | null {
  const counting = countingPulls(own);
  const order = ["ci_failed", "changes_requested", "draft", "review_pending", "pr_open", "approved", "mergeable"];
  return counting.toSorted((a, b) => order.indexOf(a.word ?? "") - order.indexOf(b.word ?? ""))[0] ?? own[0] ?? null;
}

type StackProps = {
  session: SessionView;
  all: readonly PullView[];
  chosenId: string;
  onChoose: (id: string) => void;
};

/** More of what is over than this is behind one line, as long as something is open. */
const overShown = 2;

function Stack({ session, all, chosenId, onChoose }: StackProps) {
  const { data } = useLive();
  const [isWhole, setIsWhole] = useState(false);
  const groups = pullTree(all);
  const { shown, hidden } = isWhole ? { shown: groups, hidden: 0 } : withoutOver(groups);
  const otherWords = ({ sessionId, author }: PullView) => {
    if (sessionId === session.id) return null;
    const title = sessionId === null ? undefined : data?.sessions[sessionId]?.title;
    if (title !== undefined) return `in “${isolated(title)}”`;
    return author === null ? "not in this session" : `by ${isolated(author)}, not in this session`;
  };
  return (
    <>
      <PullTreeView
        groups={shown}
        {...{ chosenId, onChoose, otherWords }}
        sessionBranch={session.branch}
        nameOf={namesOf(all)}
      />
      {hidden > 0 && (
        <Button look="quiet" size="sm" className="mx-2 mb-2 self-start" onClick={() => setIsWhole(true)}>
          <ChevronRight className="size-3.5!" strokeWidth={1.75} />
          {hidden} merged or closed
        </Button>
      )}
    </>
  );
}

function withoutOver(groups: PullGroup[]): { shown: PullGroup[]; hidden: number } {
  const over = ({ pull, children }: PullGroup["roots"][number]) =>
    (pull.state === "merged" || pull.state === "closed") && children.length === 0;
  const hidden = groups.flatMap(({ roots }) => roots.filter(over)).length;
  const hasLiving = groups.some(({ roots }) => roots.some((root) => !over(root)));
  if (!hasLiving || hidden <= overShown) return { shown: groups, hidden: 0 };
  const living = groups.map((group) => ({ ...group, roots: group.roots.filter((root) => !over(root)) }));
  return { shown: living.filter(({ roots }) => roots.length > 0), hidden };
}

/** When its facts were seen, and why the last look gave none. */
function Seen({ pull, session }: { pull: PullView; session: SessionView }) {
  const look = useMutation({ mutationFn: () => api.refreshPull(session.id, pull.id) });
  const failure = look.error === null ? pull.lookFailure?.reason : wordsOf(look.error);
  return (
    <footer className="mt-auto flex items-start gap-1.5 border-t border-line py-1.5 pr-2 pl-3.5 text-11 text-fg-3">
      <span role="status" className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
        {pull.seenAt === null ? (
          "Not seen yet"
        ) : (
          <>
            Seen <RelativeTime at={pull.seenAt} suffix=" ago" />
          </>
        )}
        {failure !== undefined && (
          <span className={cn("block", toneText.attention)}>
            The last look failed: {failure} What stands here may be old.
          </span>
        )}
      </span>
      {pull.sessionId === session.id && (
        <IconButton label="Look at the forge now" disabled={look.isPending} onClick={() => look.mutate()}>
          <RefreshCw strokeWidth={1.75} className={cn("size-3.5!", look.isPending && "animate-turn")} />
        </IconButton>
      )}
    </footer>
  );
}
