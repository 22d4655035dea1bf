"use client";
import { useEffect } from "react";
import type { LiveData } from "@/components/live/fold-event";
import { tabIcon, tabTitle } from "./tab-title";
import { useNeeds } from "./use-needs";

type PageTitleProps = { data: LiveData | null; sessionId: string | null; repositoryId: string | null };

/** What the browser's tab shows: where this is, and how much waits for the person. */
export function PageTitle({ data, sessionId, repositoryId }: PageTitleProps) {
  const waiting = useNeeds().length;
  const here = data?.sessions[sessionId ?? ""]?.title ?? data?.repositories[repositoryId ?? ""]?.name ?? null;
  useEffect(() => {
    const title = tabTitle(here, waiting);
    const set = () => {
      if (document.title !== title) document.title = title;
    };
    set();
    // The shell's own title may come after this: it is one for all pages.
    const shell = new MutationObserver(set);
    shell.observe(document.head, { childList: true, characterData: true, subtree: true });
    return () => shell.disconnect();
  }, [here, waiting]);
  const icon = waiting > 0 ? tabIcon : null;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon === null || link === null) return;
    const plain = link.href;
    link.href = icon;
    return () => {
      link.href = plain;
    };
  }, [icon]);
  return null;
}
