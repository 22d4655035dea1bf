import { Badge, StateIcon } from "@/components/ui/badge";
import type { SessionView } from "@/server/protocol/api";
import { lookOf, reasonOf } from "./phase-look";

/** The one badge of a session in lists and heads. */
export function SessionBadge({ session }: { session: SessionView }) {
  const look = lookOf(session);
  return (
    <Badge tone={look.tone} icon={look.icon} turning={look.turning ?? false} tooltip={reasonOf(session)}>
      {look.word}
    </Badge>
  );
}

/** The same without its word, where there is no room; the word is its name. */
export function SessionIcon({ session, className }: { session: SessionView; className?: string }) {
  const look = lookOf(session);
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
