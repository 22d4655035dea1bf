"use client";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import type { ForgeView } from "@/server/protocol/pulls";

export const forgesKey = ["forges"] as const;

/** Forges are not told by events: they are asked for when something shows them. */
export function useForges() {
  return useQuery({ queryKey: forgesKey, queryFn: ({ signal }) => api.forges(signal), refetchOnMount: "always" });
}

/** What a check just found, without asking for all again; each keeps its place. */
export function learnForge(client: QueryClient, forge: ForgeView): void {
  client.setQueryData(forgesKey, (before: { items: ForgeView[] } | undefined) => {
    const items = before?.items ?? [];
    const isKnown = items.some(({ id }) => id === forge.id);
    return { items: isKnown ? items.map((each) => (each.id === forge.id ? forge : each)) : [...items, forge] };
  });
}
