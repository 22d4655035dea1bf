"use client";
import { useEffect, useSyncExternalStore } from "react";
import { createLiveStore, type Live, type LiveStore } from "./live-store";

/** One per page load. */
const store: LiveStore = createLiveStore();
const nothingYet: Live = store.get();

/** The live state; pick from it in the caller, so that there is one subscription per component. */
export function useLive(): Live {
  return useSyncExternalStore(store.subscribe, store.get, () => nothingYet);
}

/** Keeps the event socket open while the caller is on screen. */
export function useLiveConnection(): void {
  useEffect(() => store.start(), []);
}

export const { learnSession, learnRepository, wake: reconnectNow } = store;
