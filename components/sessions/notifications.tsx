"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FieldError } from "@/components/ui/field";
import { RelativeTime } from "@/components/ui/relative-time";
import type { NotificationView } from "@/server/protocol/api";
import { sessionPath } from "./use-path";

/** Messages for the person, newest first. Reading one marks it; `onLeave` closes what holds the list. */
export function Notifications({ onLeave }: { onLeave: () => void }) {
  const { data } = useLive();
  const read = useMutation({ mutationFn: (ids: string[] | undefined) => api.readNotifications(ids) });
  const all = data?.notifications ?? [];
  const unread = data?.counts.unreadNotifications ?? 0;
  return (
    <div className="flex max-h-[min(480px,80dvh)] flex-col">
      <header className="flex h-10 flex-none items-center gap-2 border-b border-line px-3">
        <h2 className="flex-1">Notifications</h2>
        {unread > 0 && (
          <Button look="quiet" size="sm" onClick={() => read.mutate(undefined)}>
            Mark all as read
          </Button>
        )}
      </header>
      {read.error !== null && (
        <div className="px-3 py-2">
          <FieldError>{wordsOf(read.error)}</FieldError>
        </div>
      )}
      {all.length === 0 && (
        <p className="px-3 py-4 text-fg-2">Nothing yet. Failures and refused pushes are told here.</p>
      )}
      <ul className="min-h-0 overflow-auto">
        {all.map((notification) => (
          <Item
            key={notification.id}
            notification={notification}
            onRead={() => {
              if (notification.readAt === null) read.mutate([notification.id]);
            }}
            onLeave={onLeave}
          />
        ))}
      </ul>
    </div>
  );
}

type ItemProps = { notification: NotificationView; onRead: () => void; onLeave: () => void };

function Item({ notification: { sessionId, title, body, createdAt, readAt }, onRead, onLeave }: ItemProps) {
  const unread = readAt === null;
  const words = (
    <>
      <span className="flex items-baseline gap-2">
        {unread && (
          <span className="size-1.5 shrink-0 self-center rounded-full bg-accent">
            <span className="sr-only">Unread</span>
          </span>
        )}
        <span className={cn("min-w-0 flex-1", unread ? "font-medium" : "text-fg-2")}>
          <bdi>{title}</bdi>
        </span>
        <span className="text-11 text-fg-3">
          <RelativeTime at={createdAt} />
        </span>
      </span>
      {body !== "" && (
        <span className="mt-0.5 line-clamp-3 block text-12 text-fg-3 [overflow-wrap:anywhere]">{body}</span>
      )}
    </>
  );
  const look = "block w-full px-3 py-2 text-left text-fg no-underline hover:bg-hover hover:no-underline";
  const go = () => {
    onRead();
    onLeave();
  };
  return (
    <li className="border-t border-line-faint first:border-t-0">
      {sessionId === null ? (
        <button type="button" className={look} onClick={onRead}>
          {words}
        </button>
      ) : (
        <Link href={sessionPath(sessionId)} className={look} onClick={go}>
          {words}
        </Link>
      )}
    </li>
  );
}
