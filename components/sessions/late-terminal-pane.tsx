"use client";
import { type ComponentType, useEffect, useState } from "react";
import type { TerminalPaneProps } from "@/components/terminal/terminal-pane";

type Late =
  | { kind: "waiting" }
  | { kind: "here"; Pane: ComponentType<TerminalPaneProps> }
  | { kind: "failed"; error: unknown };

let late: Late = { kind: "waiting" };
/** xterm needs a page to measure in: it is never part of the static shell. */
const load = async () => {
  try {
    const { TerminalPane } = await import("@/components/terminal/terminal-pane");
    late = { kind: "here", Pane: TerminalPane };
  } catch (error) {
    late = { kind: "failed", error };
  }
};
// Fetched once, while the session's facts are still on their way.
const loaded = typeof window === "undefined" ? null : load();

/** By hand rather than by React's own laziness, which shows what was waited for up to 300 ms after it came. */
export function LateTerminalPane(props: TerminalPaneProps) {
  const [seen, setSeen] = useState(late);
  useEffect(() => {
    if (seen.kind !== "waiting") return;
    let gone = false;
    void loaded?.then(() => {
      if (!gone) setSeen(late);
    });
    return () => {
      gone = true;
    };
  }, [seen]);
  // As what React loads itself would.
  if (seen.kind === "failed") throw seen.error;
  return seen.kind === "here" ? <seen.Pane {...props} /> : null;
}
