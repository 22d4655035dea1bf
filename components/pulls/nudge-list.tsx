"use client";
import { useMutation } from "@tanstack/react-query";
import { CircleX, type LucideIcon, MessageSquareWarning, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RepositoryView, SessionView } from "@/server/protocol/api";
import type { NudgeView } from "@/server/protocol/pulls";
import { pullName } from "./pull-look";

const looks: Record<NudgeView["kind"], { words: string; icon: LucideIcon; tone: Tone }> = {
  checks: { words: "CI failed", icon: CircleX, tone: "failing" },
  review: { words: "Changes are asked for", icon: MessageSquareWarning, tone: "attention" },
  conflict: { words: "It conflicts", icon: TriangleAlert, tone: "failing" },
};

const text =
  "mt-1.5 max-h-72 overflow-auto rounded-1 border border-line bg-inset px-2 py-1.5 font-mono text-11 whitespace-pre-wrap text-fg-2 [overflow-wrap:anywhere]";

type NudgeListProps = { session: SessionView; setting: RepositoryView["settings"]["nudges"] | null };

/** Messages for the agent, ready to be copied. They are data: nothing of them goes into a terminal by itself. */
export function NudgeList({ session, setting }: NudgeListProps) {
  if (session.nudges.length === 0) return null;
  return (
    <section aria-label="Messages for the agent" className="grid gap-2 border-b border-line px-2.5 py-2.5">
      <ul className="grid gap-2">
        {session.nudges.map((nudge) => (
          <Nudge key={nudge.id} nudge={nudge} session={session} />
        ))}
      </ul>
      <p className="px-1 text-11 text-fg-3">
        Copy it and give it to your agent. Nothing is typed into a terminal.
        {setting === "send" && " The repository is set to send: until there are chats to send to, it acts as suggest."}
      </p>
    </section>
  );
}

function Nudge({ nudge, session }: { nudge: NudgeView; session: SessionView }) {
  const [isRead, setIsRead] = useState(false);
  const done = useMutation({ mutationFn: () => api.nudgeDone(session.id, nudge.pullId, nudge.id) });
  const pull = session.prs.find(({ id }) => id === nudge.pullId);
  const { words, icon, tone } = looks[nudge.kind];
  const name = pull === undefined ? "" : `${pullName(pull)} `;
  return (
    <li className="rounded-2 border border-dashed border-line-hover bg-panel px-2.5 py-1.5 text-12">
      <div className="flex items-center gap-1.5">
        <StateIcon icon={icon} tone={tone} />
        <span className="min-w-0 flex-1 text-fg">
          <b className="font-medium">
            {name}
            {words}.
          </b>{" "}
          <span className="text-fg-2">
            Message ready, <RelativeTime at={nudge.createdAt} suffix=" ago" />
          </span>
        </span>
        <Button look="quiet" size="sm" aria-expanded={isRead} onClick={() => setIsRead(!isRead)}>
          {isRead ? "Hide" : "Read"}
        </Button>
        <CopyButton text={nudge.text} label={`Copy the message about ${name || "it"}`} />
        <IconButton label="Put away" disabled={done.isPending} onClick={() => done.mutate()}>
          <X strokeWidth={1.75} className="size-3.5!" />
        </IconButton>
      </div>
      {isRead && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        <pre tabIndex={0} className={text}>
          {nudge.text}
        </pre>
      )}
      {done.error !== null && <FieldError>{wordsOf(done.error)}</FieldError>}
    </li>
  );
}
