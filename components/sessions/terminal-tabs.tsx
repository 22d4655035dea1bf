"use client";
import {
  CircleCheck,
  CircleX,
  Ellipsis,
  LoaderCircle,
  Pencil,
  Plus,
  RotateCw,
  ServerOff,
  SquareTerminal,
  X,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { StateIcon } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { SessionView, TerminalView } from "@/server/protocol/api";
import { exitWords } from "./exit-words";
import { TerminalRename } from "./terminal-rename";
import { useTabActions } from "./use-tab-actions";
import type { Terminals } from "./use-terminals";

type TerminalTabsProps = { session: SessionView; terminals: Terminals; end?: ReactNode };

/** Terminals as tabs: new, rename by double click, restart, close. The focused one's line is in the accent. */
export function TerminalTabs({ session, terminals, end }: TerminalTabsProps) {
  const { list, current, choose } = terminals;
  const [renaming, setRenaming] = useState<string | null>(null);
  const actions = useTabActions(session);
  useAltDigits(list, choose);
  const chosen = list.find(({ id }) => id === current);
  const move = (event: KeyboardEvent) => moveTab(event, terminals);
  return (
    <div className="flex h-(--h-tabs) flex-none items-stretch border-b border-line bg-app px-1.5">
      <div
        role="tablist"
        aria-label="Terminals"
        onKeyDown={move}
        className="group/tabs flex min-w-0 overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
      >
        {list.map((terminal) =>
          renaming === terminal.id ? (
            <TerminalRename
              key={terminal.id}
              sessionId={session.id}
              terminal={terminal}
              onDone={() => setRenaming(null)}
            />
          ) : (
            <Tab
              key={terminal.id}
              terminal={terminal}
              current={terminal.id === current}
              onChoose={() => choose(terminal.id)}
              onRename={() => setRenaming(terminal.id)}
            />
          ),
        )}
      </div>
      <span className="flex items-center pl-0.5">
        <IconButton label="New terminal" disabled={terminals.opening} onClick={terminals.open}>
          <Plus strokeWidth={1.75} />
        </IconButton>
      </span>
      <span className="ml-auto flex items-center gap-0.5 pl-1.5">
        {chosen !== undefined && (
          <TabMenu
            terminal={chosen}
            onRename={() => setRenaming(chosen.id)}
            onRestart={() => actions.restart(chosen)}
            onClose={() => actions.close(chosen)}
          />
        )}
        {end}
      </span>
      {actions.dialog}
    </div>
  );
}

/** Arrow keys go round the tabs, as in every tab list. */
function moveTab(event: KeyboardEvent, { list, current, choose }: Terminals): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = list.findIndex(({ id }) => id === current);
  const next = by === undefined ? undefined : list[(at + by + list.length) % list.length];
  if (next === undefined) return;
  choose(next.id);
  document.getElementById(`terminal-tab-${next.id}`)?.focus();
}

type TabProps = { terminal: TerminalView; current: boolean; onChoose: () => void; onRename: () => void };

function Tab({ terminal, current, onChoose, onRename }: TabProps) {
  const { id, title, exit, state } = terminal;
  return (
    <button
      type="button"
      role="tab"
      id={`terminal-tab-${id}`}
      aria-selected={current}
      aria-controls={`terminal-panel-${id}`}
      tabIndex={current ? 0 : -1}
      title={title}
      onClick={onChoose}
      onDoubleClick={onRename}
      onKeyDown={(event) => {
        if (event.key === "F2") onRename();
      }}
      className={cn(
        "relative inline-flex max-w-52 min-w-0 shrink-0 items-center gap-1.5 px-2.5 text-12 whitespace-nowrap text-fg-2 hover:text-fg",
        current &&
          "bg-term font-medium text-fg shadow-[inset_1px_0_var(--border),inset_-1px_0_var(--border)] before:absolute before:inset-x-0 before:top-0 before:h-0.5 before:bg-line-strong in-[section:focus-within]:before:bg-accent",
      )}
    >
      <TabIcon terminal={terminal} />
      <span className="truncate">{title}</span>
      {state === "exited" && exit !== null && (
        <span className="shrink-0 font-normal text-fg-3">{exit.reason === "lost" ? "lost" : exitWords(exit)}</span>
      )}
    </button>
  );
}

function TabIcon({ terminal: { state, exit } }: { terminal: TerminalView }) {
  const small = "size-3.5";
  if (state === "starting")
    return <StateIcon tone="pending" icon={LoaderCircle} label="Starting" turning className={small} />;
  if (state === "exited" && exit?.reason === "lost")
    return <StateIcon tone="attention" icon={ServerOff} label="Lost" className={small} />;
  if (state === "exited")
    return exit?.code === 0 ? (
      <StateIcon tone="neutral" icon={CircleCheck} label="Ended well" className={small} />
    ) : (
      <StateIcon tone="failing" icon={CircleX} label="Ended with a failure" className={small} />
    );
  return <SquareTerminal aria-hidden className={cn(small, "shrink-0")} strokeWidth={1.75} />;
}

type TabMenuProps = { terminal: TerminalView; onRename: () => void; onRestart: () => void; onClose: () => void };

function TabMenu({ terminal, onRename, onRestart, onClose }: TabMenuProps) {
  const trigger = (
    <Button look="quiet" size="sm" shape="icon" aria-label={`Actions of terminal ${terminal.title}`}>
      <Ellipsis strokeWidth={1.75} />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuItem onSelect={onRename}>
        <Pencil aria-hidden strokeWidth={1.75} />
        Rename
      </MenuItem>
      <MenuItem onSelect={onRestart} disabled={terminal.state !== "exited"}>
        <RotateCw aria-hidden strokeWidth={1.75} />
        Start again
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={onClose}>
        <X aria-hidden strokeWidth={1.75} />
        Close terminal
      </MenuItem>
    </Menu>
  );
}

/** Alt-1…9 outside the terminal. */
function useAltDigits(list: TerminalView[], choose: (id: string) => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
      if (digit === undefined || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest(".xterm")) return;
      const wanted = list[Number(digit) - 1];
      if (wanted === undefined) return;
      event.preventDefault();
      choose(wanted.id);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [list, choose]);
}
