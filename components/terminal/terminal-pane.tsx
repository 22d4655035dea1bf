"use client";
import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { usePreferences } from "@/components/live/preferences";
import type { TerminalView } from "@/server/protocol/api";
import { KeyBar } from "./key-bar";
import { afterKey, barKeySequence, type Held, nothingHeld, tapHeld, withHeld } from "./key-sequences";
import { LinkStrip } from "./link-strip";
import { firstView } from "./link-view";
import { SearchBar } from "./search-bar";
import { shellQuoted } from "./shell-quoted";
import { TerminalFoot } from "./terminal-foot";
import { type PageKey, pageKey } from "./terminal-keys";
import { uploadFile } from "./upload-file";
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
const encoder = new TextEncoder();
const tooMuch = "That is more than can be held while the link is down. Nothing of it was typed.";

/** One terminal: xterm on its socket, with what is said about the link above it and its facts below. */
export function TerminalPane({ sessionId, terminal, visible, focused, ended }: TerminalPaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const current = useRef<OpenTerminal | null>(null);
  const [held, setHeld] = useState(nothingHeld);
  const [searching, setSearching] = useState(false);
  const [dropping, setDropping] = useState(false);

  const type = (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    if (current.current?.connection.type(bytes) === false) toast.error(tooMuch);
  };
  const onKey = (event: KeyboardEvent) => {
    const key = pageKey(event);
    if (key === null || !current.current) return false;
    event.preventDefault();
    // The palette listens on the window: it must still hear its key.
    if (key !== "palette")
      takePageKey(key, current.current, { search: () => setSearching(true), terminalId: terminal.id });
    return true;
  };
  const open = useTerminal(host, {
    path: `/ws/sessions/${encodeURIComponent(sessionId)}/terminal?terminal=${encodeURIComponent(terminal.id)}`,
    preferences: usePreferences().terminal,
    events: {
      onInput: (bytes) => type(typedWith(bytes, held, setHeld)),
      onCopy: (text) => void offerCopy(text),
      onOpenLink: (url) => void window.open(url, "_blank", "noopener,noreferrer"),
      onKey,
    },
  });
  current.current = open;
  const view = useSyncExternalStore(
    open?.connection.subscribe ?? nothing,
    open?.connection.view ?? (() => firstView),
    () => firstView,
  );
  usePresence(open, visible, focused);

  const drop = async (files: FileList) => {
    for (const file of files) {
      try {
        const path = await uploadFile(sessionId, file);
        open?.screen.terminal.paste(`${shellQuoted(path)} `);
      } catch (error) {
        toast.error(`${file.name} was not uploaded. ${wordsOf(error)}`);
      }
    }
    open?.screen.terminal.focus();
  };
  const restart = () =>
    void api.restartTerminal(sessionId, terminal.id).catch((error: unknown) => toast.error(wordsOf(error)));
  const actions = {
    onTryNow: () => open?.connection.tryAgain(),
    onSend: () => open?.connection.sendHeld(),
    onDiscard: () => open?.connection.discardHeld(),
    onRestart: restart,
  };
  return (
    <section className="terminal-pane" hidden={!visible} aria-label={`Terminal ${terminal.title}`}>
      <LinkStrip view={view} ended={ended} actions={actions} />
      <section
        className="terminal-screen"
        aria-label="Screen; files dropped here are uploaded"
        data-drop={dropping}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => {
          event.preventDefault();
          setDropping(false);
          void drop(event.dataTransfer.files);
        }}
      >
        <div ref={host} className="terminal-host" />
        {searching && open ? (
          <SearchBar
            search={open.screen.search}
            onClose={() => {
              setSearching(false);
              open.screen.terminal.focus();
            }}
          />
        ) : null}
      </section>
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

function takePageKey(
  key: Exclude<PageKey, "palette">,
  { screen }: OpenTerminal,
  page: { search: () => void; terminalId: string },
): void {
  switch (key) {
    case "search":
      page.search();
      break;
    case "copy":
      void navigator.clipboard
        .writeText(screen.terminal.getSelection())
        .catch(() => toast.error("The browser did not allow copying."));
      break;
    case "paste":
      void navigator.clipboard
        .readText()
        .then((text) => screen.terminal.paste(text))
        .catch(() => toast.error("The browser did not allow pasting. Use its own paste key."));
      break;
    case "leave":
      screen.terminal.blur();
      document.getElementById(`terminal-tab-${page.terminalId}`)?.focus();
      break;
  }
}

/** Browsers may want a click before a program's text reaches the clipboard: then the toast is that click. */
async function offerCopy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast("A program wants to copy text to the clipboard.", {
      action: { label: "Copy", onClick: () => void navigator.clipboard.writeText(text) },
    });
  }
}
