"use client";
import { FolderPlus, Plus } from "lucide-react";
import { useState } from "react";
import type { LiveData } from "@/components/live/fold-event";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/format";
import { Kbd } from "@/components/ui/kbd";
import { EmptyState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import { EndedSessions } from "./ended-sessions";
import { FilteredSessions } from "./filtered-sessions";
import { FirstRun } from "./first-run";
import { NeedsList } from "./needs-list";
import { newestFirst } from "./needs-you";
import { Columns, PageBody } from "./page-body";
import { RepositoryCard } from "./repository-card";
import { useCommands } from "./use-commands";
import { useNeeds } from "./use-needs";

/** What needs the person first, then every active session, and the repositories with their New Session. */
export function Overview() {
  const { data } = useLive();
  if (data === null)
    return (
      <PageBody>
        <h1 className="mb-6">Overview</h1>
        <SkeletonRows rows={5} label="Loading sessions" />
      </PageBody>
    );
  if (Object.keys(data.repositories).length === 0) return <FirstRun />;
  return <FilledOverview data={data} />;
}

function FilledOverview({ data }: { data: LiveData }) {
  const { openAddRepository } = useCommands();
  const needs = useNeeds();
  const sessions = Object.values(data.sessions).sort(newestFirst);
  const active = sessions.filter(({ state }) => state === "active");
  const repositories = Object.values(data.repositories).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <PageBody>
      <Head active={data.counts.activeSessions} repositories={repositories.length} />
      <Columns
        main={
          <>
            <NeedsList needs={needs} />
            <FilteredSessions
              title="Active sessions"
              sessions={active}
              withRepository
              empty={
                <EmptyState>
                  No active session. <b className="font-medium text-fg">New Session</b> gives you a branch, a worktree
                  and a terminal of your own.
                </EmptyState>
              }
            />
            <EndedPart known={sessions.some(({ state }) => state === "ended")} />
          </>
        }
        aside={
          <Section
            title="Repositories"
            count={repositories.length}
            actions={
              <Button size="sm" look="quiet" onClick={openAddRepository} className="phone:hidden">
                Add
              </Button>
            }
          >
            <div className="grid gap-2 phone:max-wide:grid-cols-2">
              {repositories.map((repository) => (
                <RepositoryCard
                  key={repository.id}
                  repository={repository}
                  active={data.counts.byRepository[repository.id] ?? repository.activeSessions}
                />
              ))}
            </div>
          </Section>
        }
      />
    </PageBody>
  );
}

function Head({ active, repositories }: { active: number; repositories: number }) {
  const { openNewSession, openAddRepository } = useCommands();
  return (
    <header className="mb-4 flex items-center gap-3 phone:mb-6">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5 phone:flex-row phone:items-baseline phone:gap-3">
        <h1>Overview</h1>
        <span className="text-fg-3">
          {plural(active, "active session")} in {plural(repositories, "repository", "repositories")}
        </span>
      </div>
      <Button onClick={openAddRepository} className="max-phone:hidden">
        <FolderPlus className="size-3.5!" strokeWidth={1.75} />
        Add repository
      </Button>
      <Button look="primary" onClick={() => openNewSession()}>
        <Plus className="size-3.5!" strokeWidth={1.75} />
        New Session
        <Kbd
          keys="N"
          className="opacity-85 max-phone:hidden [&_kbd]:border-current [&_kbd]:bg-transparent [&_kbd]:text-current"
        />
      </Button>
    </header>
  );
}

/** Ended sessions are one click away and never in the way. */
function EndedPart({ known }: { known: boolean }) {
  const [shown, setShown] = useState(false);
  if (!known) return null;
  if (shown) return <EndedSessions withRepository />;
  return (
    <Button look="quiet" className="mt-4" onClick={() => setShown(true)}>
      Show ended sessions
    </Button>
  );
}
