"use client";
import { Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { List } from "@/components/ui/list";
import { EmptyState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import type { SessionView } from "@/server/protocol/api";
import { SessionRow } from "./session-row";

type FilteredSessionsProps = {
  title: string;
  sessions: SessionView[];
  withRepository?: boolean;
  /** Shown where there is none at all. */
  empty: ReactNode;
};

/** A list of sessions with a filter where there are enough to need one. */
export function FilteredSessions({ title, sessions, withRepository = false, empty }: FilteredSessionsProps) {
  const [wanted, setWanted] = useState("");
  const shown = sessions.filter((session) => matches(session, wanted));
  const filter = (sessions.length > 4 || wanted !== "") && (
    <label className="flex h-(--h-sm) items-center gap-1.5 rounded-[5px] border border-line px-2 text-12 focus-within:border-focus">
      <Search aria-hidden className="size-3.5 text-fg-3" strokeWidth={1.75} />
      <input
        data-filter
        aria-label={`Filter ${title.toLowerCase()}`}
        placeholder="Filter"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setWanted("");
        }}
        className="w-28 bg-transparent outline-none placeholder:text-fg-3"
      />
    </label>
  );
  return (
    <Section title={title} count={sessions.length} actions={filter}>
      {sessions.length === 0 && empty}
      {sessions.length > 0 && shown.length === 0 && (
        <EmptyState action={<Button onClick={() => setWanted("")}>Show all</Button>}>
          No session here matches “{wanted}”.
        </EmptyState>
      )}
      {shown.length > 0 && (
        <List>
          {shown.map((session) => (
            <SessionRow key={session.id} session={session} withRepository={withRepository} />
          ))}
        </List>
      )}
    </Section>
  );
}

function matches(session: SessionView, wanted: string): boolean {
  const text = `${session.title} ${session.branch} ${session.repositoryName}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
