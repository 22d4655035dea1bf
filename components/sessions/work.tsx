"use client";
import { Layers, PanelRight, SquareTerminal } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import type { SessionView } from "@/server/protocol/api";
import { SessionFacts } from "./session-facts";
import { SessionStrip } from "./session-strip";
import { TerminalTabs } from "./terminal-tabs";
import { useTerminals } from "./use-terminals";

/** xterm needs a page to measure in: it is never part of the static shell. */
const TerminalPane = dynamic(
  () => import("@/components/terminal/terminal-pane").then((module) => module.TerminalPane),
  {
    ssr: false,
  },
);

type Pane = "terminal" | "session";

/** The working part of a session: its terminals as tabs, its facts beside them; one of the two on a phone. */
export function Work({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const [pane, setPane] = useState<Pane>("terminal");
  const [factsShown, setFactsShown] = useState(true);
  const terminals = useTerminals(session);
  const toggle = (
    <IconButton
      label={factsShown ? "Hide the facts of the session" : "Show the facts of the session"}
      aria-pressed={factsShown}
      className="max-phone:hidden"
      onClick={() => setFactsShown(!factsShown)}
    >
      <PanelRight strokeWidth={1.75} />
    </IconButton>
  );
  return (
    <>
      <SessionStrip session={session} onEnd={onEnd} />
      <div className="flex min-h-0 flex-1">
        <section
          aria-label="Terminals"
          className={cn("flex min-w-0 flex-1 flex-col", pane !== "terminal" && "max-phone:hidden")}
        >
          <TerminalTabs session={session} terminals={terminals} end={toggle} />
          {terminals.error !== null && <ErrorState className="m-3">{wordsOf(terminals.error)}</ErrorState>}
          {terminals.list.length === 0 && (
            <div className="p-3.5">
              <EmptyState action={<Button onClick={terminals.open}>New terminal</Button>}>
                No terminal is open.
              </EmptyState>
            </div>
          )}
          {terminals.list
            .filter(({ id }) => terminals.visited.has(id))
            .map((terminal) => (
              <div
                key={terminal.id}
                role="tabpanel"
                id={`terminal-panel-${terminal.id}`}
                aria-labelledby={`terminal-tab-${terminal.id}`}
                data-terminal
                className={cn("flex min-h-0 flex-1 flex-col", terminal.id !== terminals.current && "hidden")}
              >
                <TerminalPane
                  sessionId={session.id}
                  terminal={terminal}
                  visible={terminal.id === terminals.current}
                  focused={terminal.id === terminals.current && terminals.takesKeys}
                  ended={false}
                />
              </div>
            ))}
        </section>
        <aside
          aria-label="Session"
          className={cn(
            "min-h-0 overflow-auto border-l border-line bg-app max-phone:flex-1 max-phone:border-0 max-phone:bg-panel phone:w-80 phone:flex-none",
            !factsShown && "phone:hidden",
            pane !== "session" && "max-phone:hidden",
          )}
        >
          <SessionFacts session={session} onEnd={onEnd} />
        </aside>
      </div>
      <nav aria-label="Panes" className="grid h-13.5 flex-none grid-cols-2 border-t border-line bg-app phone:hidden">
        <PaneButton
          current={pane === "terminal"}
          onClick={() => setPane("terminal")}
          icon={<SquareTerminal aria-hidden className="size-4.75" strokeWidth={1.75} />}
        >
          Terminal
        </PaneButton>
        <PaneButton
          current={pane === "session"}
          onClick={() => setPane("session")}
          icon={<Layers aria-hidden className="size-4.75" strokeWidth={1.75} />}
        >
          Session
        </PaneButton>
      </nav>
    </>
  );
}

type PaneButtonProps = { current: boolean; onClick: () => void; icon: ReactNode; children: ReactNode };

function PaneButton({ current, onClick, icon, children }: PaneButtonProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      {...(current ? { "aria-current": "page" } : {})}
      className="flex flex-col items-center justify-center gap-0.75 text-11 text-fg-2 aria-[current=page]:font-medium aria-[current=page]:text-accent-text"
    >
      {icon}
      {children}
    </button>
  );
}
