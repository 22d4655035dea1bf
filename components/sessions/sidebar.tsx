"use client";
import { Bell, FolderGit2, LayoutList, type LucideIcon, Search, Settings } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { LiveData } from "@/components/live/fold-event";
import { cn } from "@/components/ui/cn";
import { Count } from "@/components/ui/count";
import { Kbd } from "@/components/ui/kbd";
import { Logo } from "@/components/ui/logo";
import { Popover } from "@/components/ui/popover";
import { AccountMenu } from "./account-menu";
import { newestFirst } from "./needs-you";
import { Notifications } from "./notifications";
import { SessionIcon } from "./session-badge";
import { UnreadCount } from "./unread-count";
import { useCommands } from "./use-commands";
import { useNeeds } from "./use-needs";
import { repositoryPath, sessionPath } from "./use-path";

const entry =
  "flex h-7.5 w-full min-w-0 items-center gap-2 rounded-2 px-2 text-left whitespace-nowrap text-fg-2 no-underline hover:bg-hover hover:text-fg hover:no-underline aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg pointer-coarse:h-11";

/** Find, navigation, repositories with their counts, sessions. */
export function Sidebar({ path, data }: { path: string; data: LiveData | null }) {
  const { openPalette } = useCommands();
  const sessions = Object.values(data?.sessions ?? {})
    .filter(({ state }) => state === "active")
    .sort(newestFirst);
  const waiting = useNeeds().length;
  return (
    <aside
      aria-label="Navigation"
      className="flex min-h-0 w-(--w-side) flex-none flex-col gap-0.5 overflow-y-auto border-r border-line bg-app p-2 max-phone:hidden"
    >
      <Link
        href="/"
        className="mb-1.5 flex h-8 items-center gap-2 px-2 text-14 font-semibold tracking-[-0.01em] text-fg no-underline hover:no-underline"
      >
        <Logo />
        Trellis
      </Link>
      <button type="button" className={entry} onClick={openPalette}>
        <Search aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
        Search or run
        <Kbd keys="Ctrl K" className="ml-auto" />
      </button>
      <Entry
        href="/"
        icon={LayoutList}
        current={path === "/"}
        count={<Count value={waiting} attention />}
        counted={waiting}
      >
        Overview
      </Entry>
      <NotificationsEntry unread={data?.counts.unreadNotifications ?? 0} />
      <RepositoryEntries path={path} data={data} />
      {sessions.length > 0 && <Heading>Sessions</Heading>}
      {sessions.map((session) => (
        <Link key={session.id} href={sessionPath(session.id)} className={cn(entry, "shrink-0")}>
          <SessionIcon session={session} />
          <bdi className="min-w-0 flex-1 truncate">{session.title}</bdi>
          <UnreadCount sessionId={session.id} />
        </Link>
      ))}
      <span className="flex-1" />
      <Entry href="/settings" icon={Settings} current={path === "/settings"}>
        Settings
      </Entry>
      <AccountMenu wide />
    </aside>
  );
}

function RepositoryEntries({ path, data }: { path: string; data: LiveData | null }) {
  const repositories = Object.values(data?.repositories ?? {}).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      {repositories.length > 0 && <Heading>Repositories</Heading>}
      {repositories.map((repository) => {
        const count = data?.counts.byRepository[repository.id] ?? repository.activeSessions;
        return (
          <Entry
            key={repository.id}
            href={repositoryPath(repository.id)}
            icon={FolderGit2}
            current={path === repositoryPath(repository.id)}
            count={<Count value={count} />}
            counted={count}
          >
            {repository.name}
          </Entry>
        );
      })}
    </>
  );
}

function Heading({ children }: { children: ReactNode }) {
  return <div className="shrink-0 px-2 pt-3.5 pb-1 text-11 font-medium text-fg-3">{children}</div>;
}

type EntryProps = {
  href: string;
  icon: LucideIcon;
  current: boolean;
  count?: ReactNode;
  counted?: number;
  children: ReactNode;
};

function Entry({ href, icon: Icon, current, count, counted = 0, children }: EntryProps) {
  return (
    <Link href={href} className={cn(entry, "shrink-0")} {...(current ? { "aria-current": "page" } : {})}>
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <span className="truncate">{children}</span>
      {counted > 0 && <span className="ml-auto flex">{count}</span>}
    </Link>
  );
}

function NotificationsEntry({ unread }: { unread: number }) {
  const [open, setOpen] = useState(false);
  const trigger = (
    <button type="button" className={cn(entry, "shrink-0")}>
      <Bell aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      Notifications
      {unread > 0 && <Count value={unread} className="ml-auto" />}
    </button>
  );
  return (
    <Popover label="Notifications" side="right" trigger={trigger} open={open} onOpenChange={setOpen}>
      <Notifications onLeave={() => setOpen(false)} />
    </Popover>
  );
}
