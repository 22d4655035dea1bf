"use client";
import { type ComponentType, useEffect, useState } from "react";
import type { TerminalPaneProps } from "@/components/terminal/terminal-pane";
import { ErrorState } from "@/components/ui/notice";
import { ReloadButton } from "@/components/ui/reload-button";

type Late = { kind: "waiting" } | { kind: "here"; Pane: ComponentType<TerminalPaneProps> } | { kind: "failed" };

/** Between tries, in ms: a network that changes breaks off what is on its way, and is back within seconds. */
const pauses = [1_000, 3_000, 9_000];

let late: Late = { kind: "waiting" };
/** xterm needs a page to measure in: it is never part of the static shell. */
const load = async (tried = 0): Promise<void> => {
  try {
    const { TerminalPane } = await import("@/components/terminal/terminal-pane");
    late = { kind: "here", Pane: TerminalPane };
  } catch {
    const pause = pauses[tried];
    if (pause === undefined) {
      late = { kind: "failed" };
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    await load(tried + 1);
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
  if (seen.kind === "here") return <seen.Pane {...props} />;
  return seen.kind === "failed" ? <NotLoaded /> : null;
}

function NotLoaded() {
  return (
    <ErrorState className="m-3" action={<ReloadButton>Reload the page</ReloadButton>}>
      The part of the page that shows terminals could not be loaded: the server did not send it. What runs in the
      terminal goes on.
    </ErrorState>
  );
}
