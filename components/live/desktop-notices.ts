"use client";
import { useSyncExternalStore } from "react";
import { browserStorage } from "./browser-storage";

/** `off` although the browser would allow it; `unavailable` in a page without HTTPS, and in browsers without them. */
export type DesktopNotices = "on" | "off" | "refused" | "unavailable";

const storageKey = "trellis.desktop-notices";
const listeners = new Set<() => void>();

/** Whether messages are shown by the browser while the page is hidden. Of this browser alone. */
export function desktopNotices(): DesktopNotices {
  if (typeof Notification === "undefined" || !window.isSecureContext) return "unavailable";
  if (Notification.permission === "denied") return "refused";
  return Notification.permission === "granted" && browserStorage.getItem(storageKey) === "on" ? "on" : "off";
}

export function useDesktopNotices(): DesktopNotices {
  return useSyncExternalStore(subscribe, desktopNotices, () => "off");
}

/** Asks the browser where it was not asked yet: only ever after a click. */
export async function setDesktopNotices(isOn: boolean): Promise<void> {
  if (isOn && Notification.permission === "default") await Notification.requestPermission();
  browserStorage.setItem(storageKey, isOn ? "on" : "off");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}
