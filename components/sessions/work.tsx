"use client";
import { GitPullRequest, Layers, PanelRight, SquareTerminal } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout, usePanelRef } from "react-resizable-panels";
import { wordsOf } from "@/components/live/api-failure";
import { browserStorage } from "@/components/live/browser-storage";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Count } from "@/components/ui/count";
import { IconButton } from "@/components/ui/icon-button";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import type { SessionView } from "@/server/protocol/api";
import { LateTerminalPane } from "./late-terminal-pane";
import { SessionStrip } from "./session-strip";
import { TerminalTabs } from "./terminal-tabs";
import { usePullHash } from "./use-pull-hash";
import { type Terminals, useTerminals } from "./use-terminals";
import { type Side, WorkSide } from "./work-side";

const panelIds = ["terminals", "facts"];

type Pane = "terminal" | Side;

/** The working part of a session: its terminals as tabs, its pull requests and facts beside them; one of them on a phone. */
export function Work({ session, onEnd }: { session: SessionView; onEnd: () => void }) {
  const [pane, setPane] = useState<Pane>("terminal");
  const [side, setSide] = useState<Side>("pulls");
  const [factsShown, setFactsShown] = useState(true);
  const facts = usePanelRef();
  const { asked, pullId, choosePull } = usePullHash();
  const choosePane = (next: Pane) => {
    setPane(next);
    if (next !== "terminal") setSide(next);
  };
  useEffect(() => {
    if (asked === 0) return;
    setPane("pulls");
    setSide("pulls");
    facts.current?.expand();
  }, [asked, facts]);
  const layout = useDefaultLayout({ id: "trellis.session", panelIds, storage: browserStorage });
  const terminals = useTerminals(session);
  const onToggle = () => (factsShown ? facts.current?.collapse() : facts.current?.expand());
  const toggle = <SideToggle isShown={factsShown} onToggle={onToggle} />;
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
          aria-label="Resize pull requests and facts"
          className="relative w-px bg-line transition-colors duration-(--t-fast) outline-offset-0 after:absolute after:inset-y-0 after:-left-1 after:z-(--z-sticky) after:w-2.25 hover:bg-accent hover:shadow-[0_0_0_1px_var(--accent)] max-phone:hidden"
        />
        <Panel
          id="facts"
          panelRef={facts}
          collapsible
          defaultSize={348}
          minSize={280}
          maxSize={640}
          groupResizeBehavior="preserve-pixel-size"
          data-phone={pane === "terminal" ? "hidden" : "shown"}
          onResize={({ inPixels }) => setFactsShown(inPixels > 0)}
        >
          <WorkSide session={session} side={side} onSide={setSide} pullId={pullId} onPull={choosePull} onEnd={onEnd} />
        </Panel>
      </Group>
      <PaneBar pane={pane} pulls={session.prs.length} onChoose={choosePane} />
    </>
  );
}

function SideToggle({ isShown, onToggle }: { isShown: boolean; onToggle: () => void }) {
  return (
    <IconButton
      label={isShown ? "Hide pull requests and facts" : "Show pull requests and facts"}
      aria-pressed={isShown}
      className="max-phone:hidden"
      onClick={onToggle}
    >
      <PanelRight strokeWidth={1.75} />
    </IconButton>
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
            <LateTerminalPane
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
function PaneBar({ pane, pulls, onChoose }: { pane: Pane; pulls: number; onChoose: (pane: Pane) => void }) {
  return (
    <nav aria-label="Panes" className="grid h-13.5 flex-none grid-cols-3 border-t border-line bg-app phone:hidden">
      <PaneButton
        current={pane === "terminal"}
        onClick={() => onChoose("terminal")}
        icon={<SquareTerminal aria-hidden className="size-4.75" strokeWidth={1.75} />}
      >
        Terminal
      </PaneButton>
      <PaneButton
        current={pane === "pulls"}
        onClick={() => onChoose("pulls")}
        icon={
          <span className="relative">
            <GitPullRequest aria-hidden className="size-4.75" strokeWidth={1.75} />
            {pulls > 0 && (
              <Count value={pulls} className="absolute -top-1.5 left-3 h-3.75 min-w-3.75 px-0.75 text-[10px]" />
            )}
          </span>
        }
      >
        Pull requests
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
