"use client";
import { Bell, LayoutList, type LucideIcon, Plus, Search, Settings } from "lucide-react";
import Link from "next/link";
import { type ComponentProps, useState } from "react";
import type { LiveData } from "@/components/live/fold-event";
import { cn } from "@/components/ui/cn";
import { Count } from "@/components/ui/count";
import { Logo } from "@/components/ui/logo";
import { Popover } from "@/components/ui/popover";
import { Tooltip } from "@/components/ui/tooltip";
import { AccountMenu } from "./account-menu";
import { newestFirst } from "./needs-you";
import { Notifications } from "./notifications";
import { lookOf } from "./phase-look";
import { SessionIcon } from "./session-badge";
import { useCommands } from "./use-commands";
import { useNeeds } from "./use-needs";
import { sessionPath } from "./use-path";

const cell =
  "relative flex size-8.5 shrink-0 items-center justify-center rounded-2 text-fg-2 no-underline hover:bg-hover hover:text-fg hover:no-underline aria-[current=page]:bg-active aria-[current=page]:text-fg";

/** The sidebar of the session page, as narrow as it can be: two letters of the short id and the status icon. */
export function Rail({ path, data }: { path: string; data: LiveData | null }) {
  const { openPalette, openNewSession } = useCommands();
  const waiting = useNeeds().length;
  const sessions = Object.values(data?.sessions ?? {})
    .filter(({ state }) => state === "active")
    .sort(newestFirst);
  const here = Object.values(data?.sessions ?? {}).find(({ id }) => path === sessionPath(id));
  return (
    <aside
      aria-label="Navigation"
      className="flex min-h-0 w-(--w-rail) flex-none flex-col items-center gap-0.5 overflow-x-hidden overflow-y-auto border-r border-line bg-app px-1.75 py-2 max-phone:hidden"
    >
      <RailLink href="/" label="Trellis">
        <Logo />
      </RailLink>
      <RailButton label="Search or run" icon={Search} onClick={openPalette} />
      <RailLink href="/" label="Overview">
        <LayoutList aria-hidden className="size-4" strokeWidth={1.75} />
        <RailCount value={waiting} attention />
      </RailLink>
      <RailNotifications unread={data?.counts.unreadNotifications ?? 0} />
      <span aria-hidden className="my-1.5 h-px w-5.5 shrink-0 bg-line" />
      {sessions.map((session) => (
        <RailLink
          key={session.id}
          href={sessionPath(session.id)}
          label={`${session.title}, ${lookOf(session).word}`}
          current={session === here}
          className="items-start justify-start pt-1.5 pl-1.25 font-mono text-11 leading-none font-semibold"
        >
          {session.shortId.slice(0, 2)}
          <SessionIcon session={session} className="absolute right-0.75 bottom-0.75 size-3 stroke-[2.4]" />
        </RailLink>
      ))}
      <RailButton label="New Session" icon={Plus} onClick={() => openNewSession(here?.repositoryId)} />
      <span className="flex-1" />
      <RailLink href="/settings" label="Settings">
        <Settings aria-hidden className="size-4" strokeWidth={1.75} />
      </RailLink>
      <AccountMenu />
    </aside>
  );
}

type RailLinkProps = ComponentProps<typeof Link> & { label: string; current?: boolean };

function RailLink({ label, current = false, className, ...rest }: RailLinkProps) {
  return (
    <Tooltip content={label} side="right">
      <Link
        aria-label={label}
        className={cn(cell, className)}
        {...(current ? { "aria-current": "page" } : {})}
        {...rest}
      />
    </Tooltip>
  );
}

function RailButton({ label, icon: Icon, ...rest }: ComponentProps<"button"> & { label: string; icon: LucideIcon }) {
  return (
    <Tooltip content={label} side="right">
      <button type="button" aria-label={label} className={cell} {...rest}>
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </button>
    </Tooltip>
  );
}

function RailCount({ value, attention = false }: { value: number; attention?: boolean }) {
  if (value === 0) return null;
  return (
    <Count
      value={value}
      attention={attention}
      className="absolute -top-px -right-0.5 h-3.75 min-w-3.75 px-0.75 text-[10px]"
    />
  );
}

function RailNotifications({ unread }: { unread: number }) {
  const [open, setOpen] = useState(false);
  const trigger = (
    <button type="button" aria-label="Notifications" className={cell}>
      <Bell aria-hidden className="size-4" strokeWidth={1.75} />
      <RailCount value={unread} />
    </button>
  );
  return (
    <Popover label="Notifications" side="right" trigger={trigger} open={open} onOpenChange={setOpen}>
      <Notifications onLeave={() => setOpen(false)} />
    </Popover>
  );
}
