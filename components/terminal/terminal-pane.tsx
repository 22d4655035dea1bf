"use client";
import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { usePreferences } from "@/components/live/preferences";
import type { TerminalView } from "@/server/protocol/api";
import { DropZone } from "./drop-zone";
import { KeyBar } from "./key-bar";
import { afterKey, barKeySequence, type Held, nothingHeld, tapHeld, withHeld } from "./key-sequences";
import { LinkStrip } from "./link-strip";
import { firstView } from "./link-view";
import { dropFiles, offerCopy, takePageKey } from "./page-actions";
import { SearchBar } from "./search-bar";
import { TerminalFoot } from "./terminal-foot";
import { pageKey } from "./terminal-keys";
import { type OpenTerminal, useTerminal } from "./use-terminal";

export type TerminalPaneProps = {
  sessionId: string;
  terminal: TerminalView;
  /** Hidden panes keep their terminal and take no output. */
  visible: boolean;
  /** Takes the keys as soon as it can. */
  focused: boolean;
  ended: boolean;
};

const nothing = () => () => {};
const unseen = () => firstView;
const encoder = new TextEncoder();
const tooMuch = "That is more than can be held while the link is down. Nothing of it was typed.";

/** One terminal: xterm on its socket, with what is said about the link above it and its facts below. */
export function TerminalPane({ sessionId, terminal, visible, focused, ended }: TerminalPaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const [searching, setSearching] = useState(false);
  const { open, type, held, setHeld } = useTyping(host, { sessionId, terminalId: terminal.id, onSearch: setSearching });
  const { subscribe, view: read } = open?.connection ?? { subscribe: nothing, view: unseen };
  const view = useSyncExternalStore(subscribe, read, unseen);
  usePresence(open, visible, focused);

  const actions = {
    onTryNow: () => open?.connection.tryAgain(),
    onSend: () => open?.connection.sendHeld(),
    onDiscard: () => open?.connection.discardHeld(),
    onTake: () => open?.connection.take(),
    onRestart: () =>
      void api.restartTerminal(sessionId, terminal.id).catch((error: unknown) => toast.error(wordsOf(error))),
  };
  const closeSearch = () => {
    setSearching(false);
    open?.screen.terminal.focus();
  };
  return (
    <section className="terminal-pane" hidden={!visible} aria-label={`Terminal ${terminal.title}`}>
      <LinkStrip view={view} ended={ended} actions={actions} />
      <DropZone onFiles={(files) => open && void dropFiles(files, sessionId, open)}>
        <div ref={host} className="terminal-host" />
        {searching && open ? (
          <SearchBar search={open.screen.search} sessionId={sessionId} terminalId={terminal.id} onClose={closeSearch} />
        ) : null}
      </DropZone>
      <TerminalFoot view={view} onTake={() => open?.connection.take()} />
      <KeyBar
        held={held}
        onHeld={(which) => setHeld(tapHeld(held, which))}
        onKey={(key) => {
          type(barKeySequence(key, held, open?.screen.terminal.modes.applicationCursorKeysMode ?? false));
          setHeld(afterKey(held));
        }}
      />
    </section>
  );
}

/** The open terminal, and typing into it with the keys that the bar holds. */
function useTyping(
  host: RefObject<HTMLDivElement | null>,
  {
    sessionId,
    terminalId,
    onSearch,
  }: { sessionId: string; terminalId: string; onSearch: (searching: boolean) => void },
) {
  const current = useRef<OpenTerminal | null>(null);
  const [held, setHeld] = useState(nothingHeld);
  const type = (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    if (current.current?.connection.type(bytes) === false) toast.error(tooMuch);
  };
  const onKey = (event: KeyboardEvent) => {
    const key = pageKey(event);
    if (key === null || !current.current) return false;
    event.preventDefault();
    takePageKey(key, current.current, { search: () => onSearch(true), terminalId });
    return true;
  };
  const open = useTerminal(host, {
    path: `/ws/sessions/${encodeURIComponent(sessionId)}/terminal?terminal=${encodeURIComponent(terminalId)}`,
    preferences: usePreferences().terminal,
    events: {
      onInput: (bytes) => type(typedWith(bytes, held, setHeld)),
      onCopy: (text) => void offerCopy(text),
      onOpenLink: (url) => void window.open(url, "_blank", "noopener,noreferrer"),
      onKey,
    },
  });
  current.current = open;
  return { open, type, held, setHeld };
}

/** Visible panes draw and take output; the one in focus takes the keys. */
function usePresence(open: OpenTerminal | null, visible: boolean, focused: boolean): void {
  useEffect(() => {
    if (!open) return;
    const look = () => {
      const shown = visible && document.visibilityState === "visible";
      open.connection.setVisible(shown);
      open.screen.setVisible(visible);
      if (shown) open.connection.fit();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [open, visible]);
  useEffect(() => {
    if (open && visible && focused) open.screen.terminal.focus();
  }, [open, visible, focused]);
}

function typedWith(bytes: Uint8Array, held: Held, setHeld: (held: Held) => void): Uint8Array {
  if (held.ctrl === "off" && held.alt === "off") return bytes;
  setHeld(afterKey(held));
  return encoder.encode(withHeld(new TextDecoder().decode(bytes), held));
}
