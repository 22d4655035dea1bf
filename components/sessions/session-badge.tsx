import { Badge, StateIcon } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { Dot } from "@/components/ui/dot";
import { Tooltip } from "@/components/ui/tooltip";
import type { SessionView } from "@/server/protocol/api";
import { lookOf, reasonOf } from "./phase-look";

/** The one badge of a session in lists and heads. Where all is well it is a dot and a word: calm is the default. */
export function SessionBadge({ session }: { session: SessionView }) {
  const look = lookOf(session);
  if (look.dot === true)
    return (
      <Tooltip content={reasonOf(session)}>
        <span className="inline-flex h-5 items-center gap-1.5 text-12 text-fg-2">
          <Dot />
          {look.word}
        </span>
      </Tooltip>
    );
  return (
    <Badge tone={look.tone} icon={look.icon} turning={look.turning ?? false} tooltip={reasonOf(session)}>
      {look.word}
    </Badge>
  );
}

/** The same without its word, where there is no room; the word is its name. */
export function SessionIcon({ session, className }: { session: SessionView; className?: string }) {
  const look = lookOf(session);
  if (look.dot === true)
    return (
      <span
        role="img"
        aria-label={look.word}
        className={cn("inline-flex size-4 shrink-0 items-center justify-center", className)}
      >
        <Dot />
      </span>
    );
  return (
    <StateIcon
      tone={look.tone}
      icon={look.icon}
      turning={look.turning ?? false}
      label={look.word}
      {...(className === undefined ? {} : { className })}
    />
  );
}
