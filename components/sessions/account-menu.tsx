"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Keyboard, LogOut, Settings } from "lucide-react";
import { useRouter } from "next/navigation";
import { api } from "@/components/live/api";
import { cn } from "@/components/ui/cn";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useCommands } from "./use-commands";

/** Who is signed in. Fetched once: only settings change it. */
export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => api.me(signal), staleTime: Number.POSITIVE_INFINITY });
}

/** The person, with what is theirs alone. `wide` shows the name. */
export function AccountMenu({ wide = false }: { wide?: boolean }) {
  const router = useRouter();
  const { openKeys } = useCommands();
  const me = useMe();
  const signOut = useMutation({ mutationFn: api.signOut, onSuccess: () => location.assign("/sign-in") });
  const name = me.data?.name || me.data?.username || "";
  const trigger = (
    <button
      type="button"
      aria-label={name === "" ? "Account" : `Account: ${name}`}
      className={cn(
        "flex shrink-0 items-center gap-2 rounded-2 text-fg-2 hover:bg-hover hover:text-fg",
        wide ? "h-7.5 w-full px-2 pointer-coarse:h-11" : "touch p-1.5",
      )}
    >
      <span
        aria-hidden
        className="inline-flex size-5 shrink-0 items-center justify-center rounded-full bg-accent text-[10px] font-semibold text-on-accent"
      >
        {name.slice(0, 1).toUpperCase()}
      </span>
      {wide && <span className="truncate">{name}</span>}
    </button>
  );
  return (
    <Menu trigger={trigger} align="start">
      <MenuItem onSelect={() => router.push("/settings")}>
        <Settings aria-hidden strokeWidth={1.75} />
        Settings
      </MenuItem>
      <MenuItem onSelect={openKeys}>
        <Keyboard aria-hidden strokeWidth={1.75} />
        Keys
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => signOut.mutate()}>
        <LogOut aria-hidden strokeWidth={1.75} />
        Sign out of this browser
      </MenuItem>
    </Menu>
  );
}
