"use client";
import { Bell, Search } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Count } from "@/components/ui/count";
import { IconButton } from "@/components/ui/icon-button";
import { Logo } from "@/components/ui/logo";
import { Popover } from "@/components/ui/popover";
import { AccountMenu } from "./account-menu";
import { Notifications } from "./notifications";
import { useCommands } from "./use-commands";

/** On a phone the sidebar's place: home, search, notifications, account. */
export function PhoneHead({ unread }: { unread: number }) {
  const { openPalette } = useCommands();
  const [open, setOpen] = useState(false);
  const trigger = (
    <Button
      look="quiet"
      shape="icon"
      aria-label={unread > 0 ? `Notifications, ${unread} unread` : "Notifications"}
      className="relative"
    >
      <Bell aria-hidden strokeWidth={1.75} />
      {unread > 0 && (
        <Count value={unread} className="absolute -top-0.5 -right-1 h-3.75 min-w-3.75 px-0.75 text-[10px]" />
      )}
    </Button>
  );
  return (
    <div className="flex h-12 flex-none items-center gap-2.5 border-b border-line bg-app pr-2.5 pl-3.5 phone:hidden">
      <Link href="/" className="flex min-h-11 items-center gap-2 font-medium text-fg no-underline">
        <Logo />
        Trellis
      </Link>
      <span className="flex-1" />
      <IconButton label="Search or run" size="md" onClick={openPalette}>
        <Search strokeWidth={1.75} />
      </IconButton>
      <Popover label="Notifications" trigger={trigger} open={open} onOpenChange={setOpen}>
        <Notifications onLeave={() => setOpen(false)} />
      </Popover>
      <AccountMenu />
    </div>
  );
}
