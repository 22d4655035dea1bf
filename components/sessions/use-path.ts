"use client";
import { usePathname } from "next/navigation";
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False while the static shell is taken over: its HTML is one for all ids, so the first draw may not know the address. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** The id in `/sessions/<id>` or `/repositories/<id>`; null in the shell and where the address has none. */
export function usePathId(section: "sessions" | "repositories"): string | null {
  const path = usePathname();
  const inBrowser = useInBrowser();
  if (!inBrowser) return null;
  const [, first, id] = path.split("/");
  return first === section && id !== undefined && id !== "" ? decodeURIComponent(id) : null;
}

export const sessionPath = (id: string) => `/sessions/${encodeURIComponent(id)}`;
/** Its session's page, with it chosen in the panel. */
export const pullPath = (sessionId: string, pullId: string) =>
  `${sessionPath(sessionId)}#pull-${encodeURIComponent(pullId)}`;
export const repositoryPath = (id: string) => `/repositories/${encodeURIComponent(id)}`;
