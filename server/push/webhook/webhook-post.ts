import { createHmac } from "node:crypto";
import type { Destination } from "../../domain/channel";
import type { Message } from "../../notifications/sender";
import type { Post } from "../post";

type Webhook = Extract<Destination, { kind: "webhook" }>;

/** The signature is over the body, and the body holds id and time: a receiver can tell a repeat and a replay. */
export function webhookPost({ url, secret }: Webhook, message: Message, origin: string): Post {
  const { id, kind, title, body: text, sessionId, createdAt } = message;
  const link = sessionId === null || origin === "" ? null : `${origin}/sessions/${encodeURIComponent(sessionId)}`;
  const said = { id, kind, title, body: text, sessionId, url: link, createdAt: createdAt.toISOString() };
  const body = Buffer.from(JSON.stringify(said));
  const headers = {
    "content-type": "application/json",
    "user-agent": "Trellis",
    "x-trellis-delivery": id,
    "x-trellis-event": kind,
    "x-trellis-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
  return { url: new URL(url), headers, body };
}
