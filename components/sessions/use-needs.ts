"use client";
import { useLive } from "@/components/live/use-live";
import { useKeptMerged } from "./kept-merged";
import { type Need, needsYou } from "./needs-you";

/** What waits for the person now. */
export function useNeeds(): Need[] {
  const { data } = useLive();
  const kept = useKeptMerged();
  return data === null ? [] : needsYou(data, kept);
}
