"use client";
import { useMutation } from "@tanstack/react-query";
import {
  CircleX,
  GitMerge,
  GitPullRequestArrow,
  type LucideIcon,
  MessageSquareWarning,
  OctagonX,
  ServerOff,
  SquareTerminal,
  TriangleAlert,
  Undo2,
  Unplug,
} from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { pullName } from "@/components/pulls/pull-look";
import { type Tone, toneText } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/field";
import { formatAge, isolated, listed, plural } from "@/components/ui/format";
import { List, ListRow } from "@/components/ui/list";
import { Section } from "@/components/ui/section";
import { useNow } from "@/components/ui/use-now";
import type { SessionView } from "@/server/protocol/api";
import { exitWords } from "./exit-words";
import { keepMerged } from "./kept-merged";
import { mergedKey, type Need, needKey, type PullNeedKind } from "./needs-you";
import { lookOf } from "./phase-look";
import { pullPath, repositoryPath, sessionPath } from "./use-path";

/** First on the overview; each row holds its own action. */
export function NeedsList({ needs }: { needs: Need[] }) {
  if (needs.length === 0) return null;
  return (
    <Section title="Needs you" count={needs.length} attention>
      <List>
        {needs.map((need) => (
          <NeedRow key={needKey(need)} need={need} />
        ))}
      </List>
    </Section>
  );
}

function NeedRow({ need }: { need: Need }) {
  switch (need.kind) {
    case "failed":
      return (
        <Row
          icon={OctagonX}
          tone="failing"
          title={lookOf(need.session).word}
          sub={`${isolated(need.session.title)} · ${need.reason}`}
        >
          <Act words="Retry" act={() => api.retry(need.session.id, false)} />
          <Open href={sessionPath(need.session.id)} />
        </Row>
      );
    case "pod-trouble":
      return <TroubleRow need={need} />;
    case "unreachable":
      return <UnreachableRow need={need} />;
    case "end-refused":
      return (
        <Row icon={Undo2} tone="attention" title="Not ended" sub={`${isolated(need.session.title)} · ${need.reason}`}>
          <Button asChild size="sm" className="max-phone:h-9 max-phone:px-3 max-phone:text-13">
            <Link href={`${sessionPath(need.session.id)}#end`}>End Session…</Link>
          </Button>
          <Open href={sessionPath(need.session.id)} />
        </Row>
      );
    case "program-ended":
      return (
        <Row
          icon={need.exit.reason === "lost" ? ServerOff : SquareTerminal}
          tone={need.exit.reason === "lost" ? "attention" : "failing"}
          title={`${need.terminal.title}: ${exitWords(need.exit)}`}
          sub={need.session.title}
        >
          <Act words="Start again" act={() => api.restartTerminal(need.session.id, need.terminal.id)} />
          <Act words="Close" quiet act={() => api.closeTerminal(need.session.id, need.terminal.id)} />
          <Open href={sessionPath(need.session.id)} />
        </Row>
      );
    case "clone-failed":
      return (
        <Row icon={CircleX} tone="failing" title={`${need.repository.name} could not be cloned`} sub={need.reason}>
          <Open alone href={repositoryPath(need.repository.id)} />
        </Row>
      );
    case "checks-failed":
    case "changes-requested":
    case "conflict":
    case "mergeable":
      return <PullRow need={need} />;
    case "merged":
      return <MergedRow need={need} />;
  }
}

function UnreachableRow({ need }: { need: Extract<Need, { kind: "unreachable" }> }) {
  const now = useNow();
  const [first, ...others] = need.sessions;
  const since = need.since === null ? "" : ` for ${formatAge(Date.parse(need.since), now)}`;
  const names = `${first?.title ?? "Sessions"}${others.length > 0 ? ` and ${others.length} more` : ""}`;
  return (
    <Row
      icon={Unplug}
      tone="attention"
      title={`Host unreachable${since}`}
      sub={`${names} · what runs there is unknown; ${need.reason}`}
    >
      {first !== undefined && <Open alone href={sessionPath(first.id)} />}
    </Row>
  );
}

function TroubleRow({ need: { repository, sessions, trouble } }: { need: Extract<Need, { kind: "pod-trouble" }> }) {
  const waiting = sessions === 0 ? "" : ` · ${plural(sessions, "session")} ${sessions === 1 ? "waits" : "wait"} for it`;
  return (
    <Row
      icon={TriangleAlert}
      tone="failing"
      title={`${repository.name}: its pod cannot start`}
      sub={`${trouble}${waiting}`}
    >
      <Button asChild size="sm" className="max-phone:h-9 max-phone:px-3 max-phone:text-13">
        <Link href={`${repositoryPath(repository.id)}#settings`}>Settings</Link>
      </Button>
      <Open href={repositoryPath(repository.id)} />
    </Row>
  );
}

const pullRows: Record<PullNeedKind, { icon: LucideIcon; tone: Tone; words: string }> = {
  "checks-failed": { icon: CircleX, tone: "failing", words: "CI failed" },
  "changes-requested": { icon: MessageSquareWarning, tone: "attention", words: "Changes requested" },
  conflict: { icon: TriangleAlert, tone: "failing", words: "Conflict" },
  mergeable: { icon: GitPullRequestArrow, tone: "passing", words: "Mergeable" },
};

/** The message that speaks of what the row is about; of what can be merged there is none. */
const nudgeOf: Partial<Record<PullNeedKind, SessionView["nudges"][number]["kind"]>> = {
  "checks-failed": "checks",
  "changes-requested": "review",
  conflict: "conflict",
};

function PullRow({ need }: { need: Extract<Need, { kind: PullNeedKind }> }) {
  const { kind, session, pull, others } = need;
  if (others.length > 0) return <ManyPullsRow need={need} />;
  const { icon, tone, words } = pullRows[kind];
  const nudge = session.nudges.find((each) => each.pullId === pull.id && each.kind === nudgeOf[kind]);
  const reviewers = pull.review.reviewers.flatMap((by) => (by.state === "changes-requested" ? by.name : []));
  const told = {
    "checks-failed": `: ${listed(pull.checks.failing.map(({ name }) => name))}`,
    "changes-requested": reviewers.length === 0 ? "" : `: ${listed(reviewers)}`,
    conflict: pull.baseRef === null ? "" : ` with ${pull.baseRef}`,
    mergeable: pull.baseRef === null ? "" : ` into ${pull.baseRef}`,
  }[kind];
  return (
    <Row
      icon={icon}
      tone={tone}
      title={`${pullName(pull)} ${words}${told}`}
      sub={`${isolated(session.title)}${nudge === undefined ? "" : " · a message for your agent is ready"}`}
    >
      {nudge !== undefined && <CopyButton text={nudge.text} label={`Copy the message about ${pullName(pull)}`} />}
      <Button asChild size="sm" className="max-phone:h-9 max-phone:px-3 max-phone:text-13">
        <Link href={pullPath(session.id, pull.id)}>{kind === "mergeable" ? "Merge…" : "Show"}</Link>
      </Button>
    </Row>
  );
}

function ManyPullsRow({ need: { kind, session, pull, others } }: { need: Extract<Need, { kind: PullNeedKind }> }) {
  const { icon, tone, words } = pullRows[kind];
  const all = [pull, ...others];
  return (
    <Row
      icon={icon}
      tone={tone}
      title={`${all.length} pull requests: ${words}`}
      sub={`${isolated(session.title)} · ${listed(all.map(pullName), 6)}`}
    >
      <Button asChild size="sm" className="max-phone:h-9 max-phone:px-3 max-phone:text-13">
        <Link href={pullPath(session.id, pull.id)}>Show</Link>
      </Button>
    </Row>
  );
}

/** Nothing ends by itself: a person ends it, or keeps it and is not asked again. */
function MergedRow({ need: { session } }: { need: Extract<Need, { kind: "merged" }> }) {
  const names = session.prs.filter(({ state }) => state === "merged").map(pullName);
  return (
    <Row
      icon={GitMerge}
      tone="merged"
      title={`${listed(names, 6)} merged`}
      sub={`${isolated(session.title)} · nothing left open`}
    >
      <Button asChild size="sm" className="max-phone:h-9 max-phone:px-3 max-phone:text-13">
        <Link href={`${sessionPath(session.id)}#end`}>End Session…</Link>
      </Button>
      <Button
        size="sm"
        look="quiet"
        className="max-phone:h-9 max-phone:px-3 max-phone:text-13"
        onClick={() => keepMerged(mergedKey(session))}
      >
        Keep
      </Button>
    </Row>
  );
}

type RowProps = { icon: LucideIcon; tone: Tone; title: string; sub: string; children: ReactNode };
const soft: Partial<Record<Tone, string>> = {
  failing: "bg-failing-soft",
  attention: "bg-attention-soft",
  passing: "bg-passing-soft",
  merged: "bg-merged-soft",
};

function Row({ icon: Icon, tone, title, sub, children }: RowProps) {
  return (
    <ListRow className="max-phone:flex-wrap">
      <span
        aria-hidden
        className={cn("flex size-7 flex-none items-center justify-center rounded-2", soft[tone], toneText[tone])}
      >
        <Icon className="size-4" strokeWidth={1.75} />
      </span>
      <div className="min-w-0 flex-1 max-phone:basis-[calc(100%-44px)]">
        <div className="font-medium [overflow-wrap:anywhere]">{title}</div>
        <div className="line-clamp-3 text-12 text-fg-3 [overflow-wrap:anywhere]">{sub}</div>
      </div>
      <div className="flex flex-none flex-wrap items-center gap-1.5 max-phone:ml-10">{children}</div>
    </ListRow>
  );
}

/** `alone` where nothing else can be done. */
function Open({ href, alone = false }: { href: string; alone?: boolean }) {
  return (
    <Button
      asChild
      look={alone ? "plain" : "quiet"}
      size="sm"
      className="max-phone:h-9 max-phone:px-3 max-phone:text-13"
    >
      <Link href={href}>See why</Link>
    </Button>
  );
}

/** Does it here; a refusal stands beside the button. */
function Act({ words, act, quiet = false }: { words: string; act: () => Promise<unknown>; quiet?: boolean }) {
  const run = useMutation({ mutationFn: act });
  return (
    <>
      <Button
        size="sm"
        look={quiet ? "quiet" : "plain"}
        disabled={run.isPending}
        onClick={() => run.mutate()}
        className="max-phone:h-9 max-phone:px-3 max-phone:text-13"
      >
        {words}
      </Button>
      {run.error !== null && <FieldError>{wordsOf(run.error)}</FieldError>}
    </>
  );
}
