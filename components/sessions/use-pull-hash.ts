"use client";
import { useEffect, useState } from "react";

type PullHash = {
  /** How often the address asked for the pull requests; 0 while it never did. */
  asked: number;
  pullId: string | null;
  choosePull: (id: string) => void;
};

/** `#pulls` shows the pull requests, `#pull-<id>` one of them: so any row, key or notification can lead there. */
export function usePullHash(): PullHash {
  const [asked, setAsked] = useState(0);
  const [pullId, choosePull] = useState<string | null>(null);
  useEffect(() => {
    const look = () => {
      const { hash } = location;
      if (hash !== "#pulls" && !hash.startsWith("#pull-")) return;
      if (hash !== "#pulls") choosePull(decodeURIComponent(hash.slice("#pull-".length)));
      setAsked((count) => count + 1);
      // Taken: the same may be asked for again.
      history.replaceState(history.state, "", location.pathname);
    };
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return { asked, pullId, choosePull };
}
