"use client";
import { useLive } from "@/components/live/use-live";
import { Count } from "@/components/ui/count";
import { unreadOf } from "./unread-of";

/** How many messages about a session nobody read yet; nothing where there are none. */
export function UnreadCount({ sessionId }: { sessionId: string }) {
  const { data } = useLive();
  const count = unreadOf(data?.notifications ?? [], sessionId);
  if (count === 0) return null;
  return (
    <span title={`${count} unread`}>
      <Count value={count} />
      <span className="sr-only"> unread</span>
    </span>
  );
}
