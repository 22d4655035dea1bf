import type { Destination } from "../../domain/channel";
import type { Message } from "../../notifications/sender";
import type { Post } from "../post";
import type { PushKeys } from "./push-keys";

type Push = Extract<Destination, { kind: "push" }>;

/** A browser that was off for longer finds it in the bell. */
const keptSeconds = 24 * 60 * 60;
/** Services take 4096 bytes with what encryption adds. */
const titleCharacters = 200;
const bodyCharacters = 600;

/** The request that carries a message to a browser: its body is readable there alone. */
export async function pushPost(
  { endpoint, p256dh, auth }: Push,
  message: Message,
  sender: { keys: PushKeys; origin: string },
): Promise<Post> {
  const { default: webPush } = await import("web-push");
  const { title, body, id, sessionId } = message;
  const path = sessionId === null ? "/" : `/sessions/${encodeURIComponent(sessionId)}`;
  const payload = { id, title: cut(title, titleCharacters), body: cut(body, bodyCharacters), path };
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(payload), {
    vapidDetails: { subject: subjectOf(sender.origin), ...sender.keys },
    TTL: keptSeconds,
    contentEncoding: "aes128gcm",
    // A repeat takes the place of the first where that still waits for the browser.
    topic: id.replaceAll("-", "").slice(0, 32),
  });
  const headers = Object.fromEntries(Object.entries(details.headers).map(([name, value]) => [name, String(value)]));
  return { url: new URL(details.endpoint), headers, body: details.body };
}

/** Whom a push service may write to. It refuses a name of this machine alone, so the reserved one stands in. */
const subjectOf = (origin: string): string =>
  origin.startsWith("https://") && !/^https:\/\/(localhost|127\.|\[)/.test(origin)
    ? origin
    : "mailto:operator@example.com";

/** A control character takes six bytes in JSON, and half a pair of surrogates too. */
function cut(text: string, most: number): string {
  const plain = text.replace(/\p{Cc}+/gu, " ");
  return plain.length > most ? `${plain.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : plain;
}
