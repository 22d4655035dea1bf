"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/components/live/api";
import { browserStorage } from "@/components/live/browser-storage";
import type { SessionView, TerminalView } from "@/server/protocol/api";

export type Terminals = {
  list: TerminalView[];
  /** The one whose tab is chosen; null when there is none. */
  current: string | null;
  /** Those that were looked at: they stay open while the page is. */
  visited: ReadonlySet<string>;
  /** True once a person chose a terminal: a page that was only opened takes no keys on a phone. */
  takesKeys: boolean;
  choose: (id: string) => void;
  open: () => void;
  opening: boolean;
  error: Error | null;
};

/** Which terminals a session's page shows, and which of them now. */
export function useTerminals(session: SessionView): Terminals {
  const list = session.terminals.filter(({ state }) => state !== "closed");
  const [chosen, setChosen] = useState<string | null>(() => browserStorage.getItem(tabKey(session.id)));
  const [byHand, setByHand] = useState(false);
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const current = (list.find(({ id }) => id === chosen) ?? list[0])?.id ?? null;
  const choose = (id: string) => {
    setChosen(id);
    setByHand(true);
    browserStorage.setItem(tabKey(session.id), id);
    // The one that is left stays open too: it may never have been chosen by hand.
    setVisited((before) => new Set([...before, ...(current === null ? [] : [current]), id]));
  };
  const opener = useMutation({
    mutationFn: () => api.openTerminal(session.id, {}),
    onSuccess: ({ id }) => choose(id),
  });
  return {
    list,
    current,
    visited: current === null ? visited : new Set([...visited, current]),
    takesKeys: byHand || (typeof matchMedia === "function" && matchMedia("(pointer: fine)").matches),
    choose,
    open: () => {
      if (!opener.isPending) opener.mutate();
    },
    opening: opener.isPending,
    error: opener.error,
  };
}

/** The tab that was chosen last in this browser: a reload shows it again. */
const tabKey = (sessionId: string) => `trellis.tab.${sessionId}`;
