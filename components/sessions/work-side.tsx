"use client";
import { Tabs } from "radix-ui";
import { useLive } from "@/components/live/use-live";
import { PullsPanel } from "@/components/pulls/pulls-panel";
import { Count } from "@/components/ui/count";
import type { SessionView } from "@/server/protocol/api";
import { SessionFacts } from "./session-facts";
import { useCommands } from "./use-commands";

export type Side = "pulls" | "session";

type WorkSideProps = {
  session: SessionView;
  side: Side;
  onSide: (side: Side) => void;
  pullId: string | null;
  onPull: (id: string) => void;
  onEnd: () => void;
};

const tab =
  "flex h-full items-center gap-1.5 border-b-2 border-transparent px-1 text-fg-2 -outline-offset-2 hover:text-fg data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-fg";

/** Beside the terminals: the pull requests, or the facts of the session. On a phone the bar below chooses. */
export function WorkSide({ session, side, onSide, pullId, onPull, onEnd }: WorkSideProps) {
  const { data } = useLive();
  const { openNewSession } = useCommands();
  return (
    <Tabs.Root asChild value={side} onValueChange={(value) => onSide(value === "session" ? "session" : "pulls")}>
      <aside
        aria-label={side === "pulls" ? "Pull requests" : "Session"}
        className="flex h-full flex-col bg-app max-phone:bg-panel"
      >
        <Tabs.List
          aria-label="Beside the terminals"
          className="flex h-(--h-tabs) flex-none gap-3 border-b border-line bg-app px-2.5 max-phone:hidden"
        >
          <Tabs.Trigger value="pulls" className={tab}>
            Pull requests
            {session.prs.length > 0 && <Count value={session.prs.length} />}
          </Tabs.Trigger>
          <Tabs.Trigger value="session" className={tab}>
            Session
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="pulls" tabIndex={-1} className="min-h-0 flex-1 overflow-auto">
          <PullsPanel
            session={session}
            repository={data?.repositories[session.repositoryId]}
            chosenId={pullId}
            onChoose={onPull}
            onNewSession={(pullUrl) => openNewSession(session.repositoryId, { pullUrl })}
          />
        </Tabs.Content>
        <Tabs.Content value="session" tabIndex={-1} className="min-h-0 flex-1 overflow-auto">
          <SessionFacts session={session} onEnd={onEnd} />
        </Tabs.Content>
      </aside>
    </Tabs.Root>
  );
}
