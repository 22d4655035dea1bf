"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Toaster, toast } from "sonner";
import { useLive } from "@/components/live/use-live";
import { showDesktopNotice } from "./show-desktop-notice";
import { sessionPath, usePathId } from "./use-path";

/** Tells of what happened in a session that is not on screen. What was there before the page was opened stays silent. */
export function NotificationToasts() {
  const { data } = useLive();
  const here = usePathId("sessions");
  const router = useRouter();
  const told = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (data === null) return;
    const fresh = told.current === null ? [] : data.notifications.filter(({ id }) => !told.current?.has(id));
    told.current = new Set(data.notifications.map(({ id }) => id));
    for (const notification of fresh) {
      const { id, title, body, sessionId, readAt } = notification;
      if (readAt !== null) continue;
      showDesktopNotice(notification, () => sessionId !== null && router.push(sessionPath(sessionId)));
      if (sessionId === null || sessionId === here) continue;
      toast(title, {
        id,
        description: body,
        action: { label: "Open", onClick: () => router.push(sessionPath(sessionId)) },
      });
    }
  }, [data, here, router]);
  return (
    <Toaster
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-89 max-w-[calc(100vw-32px)] items-center gap-3 rounded-3 border border-line bg-raised px-3.5 py-2.5 shadow-float",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "line-clamp-2 text-12 text-fg-3 [overflow-wrap:anywhere]",
          actionButton: "h-(--h-sm) shrink-0 rounded-[5px] border border-line px-2 text-12 font-medium hover:bg-hover",
        },
      }}
    />
  );
}
