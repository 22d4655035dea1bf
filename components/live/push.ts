"use client";
import { api } from "./api";

/** `refused` by the person's browser settings; `unavailable` without HTTPS, and in browsers without push. */
export type PushState =
  | { kind: "off" | "refused" | "unavailable" }
  /** `addressHash` is what the server knows this browser by. */
  | { kind: "on"; addressHash: string };

const worker = "/push-worker.js";

export async function readPush(): Promise<PushState> {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !window.isSecureContext)
    return { kind: "unavailable" };
  if (Notification.permission === "denied") return { kind: "refused" };
  const registration = await navigator.serviceWorker.getRegistration(worker);
  const subscription = await registration?.pushManager.getSubscription();
  return subscription ? { kind: "on", addressHash: await hashOf(subscription.endpoint) } : { kind: "off" };
}

/** Asks the browser where it was not asked yet: only ever after a click. */
export async function turnPushOn(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") return;
  const { key } = await api.pushKey();
  await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
  const { pushManager } = await navigator.serviceWorker.ready;
  // One made with another key is of no use to this server.
  await (await pushManager.getSubscription())?.unsubscribe();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint = "", keys = {} } = subscription.toJSON();
  const sealing = { p256dh: keys["p256dh"] ?? "", auth: keys["auth"] ?? "" };
  await api.addChannel({ kind: "push", name: browserName(navigator.userAgent), endpoint, keys: sealing });
}

export async function turnPushOff(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(worker);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** The more precise first: each of them also names what it is like. */
const browsers = { Firefox: "Firefox", Edg: "Edge", OPR: "Opera", Chrome: "Chrome", Safari: "Safari" };
const systems = {
  ...{ Android: "Android", iPhone: "iPhone", iPad: "iPad", Windows: "Windows" },
  ...{ "Mac OS X": "macOS", CrOS: "ChromeOS", Linux: "Linux" },
};

/** As a person tells their browsers apart. */
export function browserName(userAgent: string): string {
  const named = (names: Record<string, string>) =>
    Object.entries(names).find(([mark]) => userAgent.includes(mark))?.[1];
  const [browser = "A browser", system] = [named(browsers), named(systems)];
  return system === undefined ? browser : `${browser} on ${system}`;
}

async function hashOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
