"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useLive, useLiveConnection } from "@/components/live/use-live";
import { TooltipRoot } from "@/components/ui/tooltip";
import { ConnectionBanner } from "./connection-banner";
import { NotificationToasts } from "./notification-toasts";
import { PageTitle } from "./page-title";
import { PhoneHead } from "./phone-head";
import { Rail } from "./rail";
import { Sidebar } from "./sidebar";
import { CommandsRoot } from "./use-commands";
import { usePathId } from "./use-path";
import { useShortcuts } from "./use-shortcuts";

/** What every signed-in page stands in: navigation, the event socket, dialogs, keys. */
export function AppFrame({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } }),
  );
  useLiveConnection();
  return (
    <QueryClientProvider client={client}>
      <TooltipRoot>
        <CommandsRoot>
          <Frame>{children}</Frame>
          <NotificationToasts />
        </CommandsRoot>
      </TooltipRoot>
    </QueryClientProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const path = usePathname();
  const { data } = useLive();
  const sessionId = usePathId("sessions");
  const repositoryId = usePathId("repositories");
  useShortcuts(repositoryId ?? data?.sessions[sessionId ?? ""]?.repositoryId ?? null);
  // `/session` is the shell's own address before it is taken over: the rail must not come late.
  const onSession = path === "/session" || path.startsWith("/sessions/");
  return (
    <div className="flex h-dvh">
      <PageTitle data={data} sessionId={sessionId} repositoryId={repositoryId} />
      {onSession ? <Rail path={path} data={data} /> : <Sidebar path={path} data={data} />}
      <main className="flex min-h-0 min-w-0 flex-1 flex-col bg-panel">
        {!onSession && <PhoneHead unread={data?.counts.unreadNotifications ?? 0} />}
        <ConnectionBanner />
        {children}
      </main>
    </div>
  );
}
