"use client";
import { FolderX } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useLive } from "@/components/live/use-live";
import { ForgeCard } from "@/components/pulls/forges/forge-card";
import { EmptyState } from "@/components/ui/notice";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import { Tabs } from "@/components/ui/tabs";
import type { RepositoryView, SessionView } from "@/server/protocol/api";
import { EndedSessions } from "./ended-sessions";
import { FilteredSessions } from "./filtered-sessions";
import { newestFirst } from "./needs-you";
import { Columns, PageBody } from "./page-body";
import { RepositoryHead } from "./repository-head";
import { openPulls, RepositoryPulls } from "./repository-pulls";
import { RepositorySettings } from "./repository-settings";
import { Rescued } from "./rescued";
import { SetUp } from "./set-up";
import { usePathId } from "./use-path";

/** One repository: its clone beside New Session, its sessions, what was rescued, its settings. */
export function RepositoryScreen() {
  const { data } = useLive();
  const id = usePathId("repositories");
  if (data === null || id === null)
    return (
      <PageBody>
        <SkeletonRows rows={5} label="Loading the repository" />
      </PageBody>
    );
  const repository = data.repositories[id];
  if (repository === undefined) return <Gone />;
  const active = Object.values(data.sessions)
    .filter((session) => session.repositoryId === id && session.state === "active")
    .sort(newestFirst);
  return <Known key={id} repository={repository} active={active} />;
}

function Known({ repository, active }: { repository: RepositoryView; active: SessionView[] }) {
  const [tab, setTab] = useTab();
  const sessions = (
    <Columns
      main={
        <FilteredSessions
          title="Active sessions"
          sessions={active}
          empty={
            <EmptyState>
              No active session here. <b className="font-medium text-fg">New Session</b> above makes one at once.
            </EmptyState>
          }
        />
      }
      aside={
        <>
          <SetUp repository={repository} onEdit={() => setTab("settings")} />
          <ForgeCard repository={repository} />
        </>
      }
    />
  );
  return (
    <PageBody>
      <RepositoryHead repository={repository} onSettings={() => setTab("settings")} />
      <Tabs
        label="Repository"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: "active", word: "Active", count: active.length, content: sessions },
          {
            value: "pulls",
            word: "Pull requests",
            count: openPulls(active),
            content: <RepositoryPulls repositoryId={repository.id} sessions={active} />,
          },
          { value: "ended", word: "Ended", content: <EndedSessions repositoryId={repository.id} /> },
          { value: "rescued", word: "Rescued", content: <Rescued repository={repository} /> },
          { value: "settings", word: "Settings", content: <RepositorySettings repository={repository} /> },
        ]}
      />
    </PageBody>
  );
}

/** `#settings` and `#pulls` open those tabs, so that a key or whatever needs a setting changed can lead there. */
function useTab(): [string, (tab: string) => void] {
  const [tab, setTab] = useState("active");
  useEffect(() => {
    const look = () => {
      const wanted = location.hash.slice(1);
      if (wanted === "settings" || wanted === "pulls") setTab(wanted);
    };
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return [
    tab,
    (next) => {
      setTab(next);
      if (location.hash !== "" && location.hash !== `#${next}`)
        history.replaceState(history.state, "", location.pathname);
    },
  ];
}

function Gone() {
  return (
    <PageBody className="max-w-160">
      <h1 className="flex items-center gap-2">
        <FolderX aria-hidden className="size-5 text-fg-3" strokeWidth={1.75} />
        No such repository
      </h1>
      <p className="mt-2 text-fg-2">
        It was deleted, or it belongs to another account. <Link href="/">Go to the overview</Link>
      </p>
    </PageBody>
  );
}
