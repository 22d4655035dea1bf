"use client";
import { Layers, PanelRight, SquareTerminal } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout, usePanelRef } from "react-resizable-panels";
import { wordsOf } from "@/components/live/api-failure";
import { browserStorage } from "@/components/live/browser-storage";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import type { SessionView } from "@/server/protocol/api";
import { SessionFacts } from "./session-facts";
import { SessionStrip } from "./session-strip";
import { TerminalTabs } from "./terminal-tabs";
import { type Terminals, useTerminals } from "./use-terminals";

/** xterm needs a page to measure in: it is never part of the static shell. */
const loadPane = () => import("@/components/terminal/terminal-pane").then((module) => module.TerminalPane);
const TerminalPane = dynamic(loadPane, { ssr: false });
// The viewer is fetched while the session's facts are still on their way.
if (typeof window !== "undefined") void loadPane();

const panelIds = ["terminals", "facts"];

type Pane = "terminal" | "session";

/** The working part of a session: its terminals as tabs, its facts beside them; one of the two on a phone. */
export function Work({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const [pane, setPane] = useState<Pane>("terminal");
  const [factsShown, setFactsShown] = useState(true);
  const facts = usePanelRef();
  const layout = useDefaultLayout({ id: "trellis.session", panelIds, storage: browserStorage });
  const terminals = useTerminals(session);
  const toggle = (
    <IconButton
      label={factsShown ? "Hide the facts of the session" : "Show the facts of the session"}
      aria-pressed={factsShown}
      className="max-phone:hidden"
      onClick={() => (factsShown ? facts.current?.collapse() : facts.current?.expand())}
    >
      <PanelRight strokeWidth={1.75} />
    </IconButton>
  );
  return (
    <>
      <SessionStrip session={session} onEnd={onEnd} />
      <Group
        orientation="horizontal"
        className="min-h-0 flex-1"
        onLayoutChanged={layout.onLayoutChanged}
        {...(layout.defaultLayout === undefined ? {} : { defaultLayout: layout.defaultLayout })}
      >
        <Panel
          id="terminals"
          minSize={320}
          data-phone={pane === "terminal" ? "shown" : "hidden"}
          className="flex flex-col"
        >
          <TerminalArea session={session} terminals={terminals} end={toggle} />
        </Panel>
        <Separator
          aria-label="Resize the facts of the session"
          className="relative w-px bg-line transition-colors duration-(--t-fast) outline-offset-0 after:absolute after:inset-y-0 after:-left-1 after:z-(--z-sticky) after:w-2.25 hover:bg-accent hover:shadow-[0_0_0_1px_var(--accent)] max-phone:hidden"
        />
        <Panel
          id="facts"
          panelRef={facts}
          collapsible
          defaultSize={320}
          minSize={240}
          maxSize={560}
          groupResizeBehavior="preserve-pixel-size"
          data-phone={pane === "session" ? "shown" : "hidden"}
          onResize={({ inPixels }) => setFactsShown(inPixels > 0)}
        >
          <aside aria-label="Session" className="h-full overflow-auto bg-app max-phone:bg-panel">
            <SessionFacts session={session} onEnd={onEnd} />
          </aside>
        </Panel>
      </Group>
      <PaneBar pane={pane} onChoose={setPane} />
    </>
  );
}

type TerminalAreaProps = { session: SessionView; terminals: Terminals; end: ReactNode };

function TerminalArea({ session, terminals, end }: TerminalAreaProps) {
  const { list, current, visited, takesKeys, error, open } = terminals;
  return (
    <section aria-label="Terminals" className="flex min-h-0 min-w-0 flex-1 flex-col bg-term">
      <TerminalTabs session={session} terminals={terminals} end={end} />
      {error !== null && <ErrorState className="m-3">{wordsOf(error)}</ErrorState>}
      {list.length === 0 && (
        <div className="p-3.5">
          <EmptyState action={<Button onClick={open}>Open a terminal</Button>}>No terminal is open.</EmptyState>
        </div>
      )}
      {list
        .filter(({ id }) => visited.has(id))
        .map((terminal) => (
          <div
            key={terminal.id}
            role="tabpanel"
            id={`terminal-panel-${terminal.id}`}
            aria-labelledby={`terminal-tab-${terminal.id}`}
            data-terminal
            className={cn("flex min-h-0 flex-1 flex-col", terminal.id !== current && "hidden")}
          >
            <TerminalPane
              sessionId={session.id}
              terminal={terminal}
              visible={terminal.id === current}
              focused={terminal.id === current && takesKeys}
              ended={false}
            />
          </div>
        ))}
    </section>
  );
}

/** On a phone one pane at a time. */
function PaneBar({ pane, onChoose }: { pane: Pane; onChoose: (pane: Pane) => void }) {
  return (
    <nav aria-label="Panes" className="grid h-13.5 flex-none grid-cols-2 border-t border-line bg-app phone:hidden">
      <PaneButton
        current={pane === "terminal"}
        onClick={() => onChoose("terminal")}
        icon={<SquareTerminal aria-hidden className="size-4.75" strokeWidth={1.75} />}
      >
        Terminal
      </PaneButton>
      <PaneButton
        current={pane === "session"}
        onClick={() => onChoose("session")}
        icon={<Layers aria-hidden className="size-4.75" strokeWidth={1.75} />}
      >
        Session
      </PaneButton>
    </nav>
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
