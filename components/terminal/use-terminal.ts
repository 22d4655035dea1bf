import { type RefObject, useEffect, useRef, useState } from "react";
import type { Preferences } from "@/components/live/preferences";
import { socketUrl } from "@/components/live/socket-keeper";
import { TerminalConnection } from "./terminal-connection";
import { loadTerminalFont, terminalTheme } from "./terminal-theme";
import { type ScreenEvents, XtermScreen } from "./xterm-screen";

export type OpenTerminal = { screen: XtermScreen; connection: TerminalConnection };

const resizeQuietMs = 100;

/** Opens xterm and its connection in `host` for the life of the component, once the font can be measured. */
export function useTerminal(
  host: RefObject<HTMLDivElement | null>,
  { path, preferences, events }: { path: string; preferences: Preferences["terminal"]; events: ScreenEvents },
): OpenTerminal | null {
  const [open, setOpen] = useState<OpenTerminal | null>(null);
  // The newest handlers and preferences, without opening the terminal anew when they change.
  const latest = useRef({ preferences, events });
  latest.current = { preferences, events };

  useEffect(() => {
    let undo: (() => void) | null = null;
    let gone = false;
    const { fontFamily, fontSize } = latest.current.preferences;
    void loadTerminalFont(fontFamily, fontSize).then((family) => {
      const element = host.current;
      if (gone || !element) return;
      const made = openTerminal(element, { path, family, latest });
      undo = made.undo;
      setOpen(made.open);
    });
    return () => {
      gone = true;
      undo?.();
      setOpen(null);
    };
  }, [path, host]);
  useThemeAndPreferences(open, preferences);
  return open;
}

function openTerminal(
  element: HTMLDivElement,
  {
    path,
    family,
    latest,
  }: {
    path: string;
    family: string;
    latest: RefObject<{ preferences: Preferences["terminal"]; events: ScreenEvents }>;
  },
): { open: OpenTerminal; undo: () => void } {
  const theme = terminalTheme(document.documentElement);
  const screen = new XtermScreen(
    element,
    { ...latest.current.preferences, fontFamily: family, theme },
    {
      onInput: (bytes) => latest.current.events.onInput(bytes),
      onCopy: (text) => latest.current.events.onCopy(text),
      onOpenLink: (url) => latest.current.events.onOpenLink(url),
      onKey: (event) => latest.current.events.onKey(event),
    },
  );
  const connection = new TerminalConnection({ url: socketUrl(path), screen });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => connection.fit(), resizeQuietMs);
  });
  observer.observe(element);
  const undo = () => {
    clearTimeout(timer);
    observer.disconnect();
    connection.close();
    screen.dispose();
  };
  return { open: { screen, connection }, undo };
}

/** The page's theme and this browser's preferences reach the open terminal as they change. */
function useThemeAndPreferences(open: OpenTerminal | null, preferences: Preferences["terminal"]): void {
  useEffect(() => {
    if (!open) return;
    let gone = false;
    const apply = async () => {
      const fontFamily = await loadTerminalFont(preferences.fontFamily, preferences.fontSize);
      if (gone) return;
      open.screen.setOptions({ ...preferences, fontFamily, theme: terminalTheme(document.documentElement) });
      open.connection.fit();
    };
    void apply();
    const observer = new MutationObserver(() => void apply());
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style"] });
    return () => {
      gone = true;
      observer.disconnect();
    };
  }, [open, preferences]);
}
