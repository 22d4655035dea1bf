import { randomBytes } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import {
  addedChannel,
  channelView,
  createChannel,
  notificationSettings,
  pushKeyView,
} from "../../../protocol/channels";
import type { GatewayDeps } from "../../deps";
import { channelView as toView } from "../../views/channel-view";
import type { Api } from "../api-env";
import { idParam, jsonAnswer, jsonBody, refusedWith } from "../route-parts";

const channel = channelView.meta({ id: "NotificationChannel" });
const settings = notificationSettings.strict();

const list = createRoute({
  method: "get",
  path: "/api/notification-channels",
  summary: "How you are told while no page is open: browsers by Web Push, and webhooks",
  responses: {
    200: jsonAnswer("All of them", z.object({ items: z.array(channel), nextCursor: z.null() })),
    ...refusedWith(),
  },
});
const create = createRoute({
  method: "post",
  path: "/api/notification-channels",
  summary: "Add a browser's push subscription or a webhook; the same address again renews it",
  description:
    "A webhook gets each notification as a JSON POST with `X-Trellis-Signature-256: sha256=<HMAC-SHA256 of the body>` and `X-Trellis-Delivery`, the notification's id, which a repeat has too. It must be https and outside the server's own network, but for administrators. Redirects are not followed.",
  request: jsonBody(createChannel),
  responses: { 201: jsonAnswer("The channel", addedChannel), ...refusedWith(422) },
});
const remove = createRoute({
  method: "delete",
  path: "/api/notification-channels/{id}",
  summary: "Remove a channel, with what it had yet to carry",
  request: { params: idParam },
  responses: { 204: { description: "Removed" }, ...refusedWith(404) },
});
const test = createRoute({
  method: "post",
  path: "/api/notification-channels/{id}/test",
  summary: "Send a message there now: `trouble` of the answer says what went wrong",
  request: { params: idParam },
  responses: { 200: jsonAnswer("The channel after it", channel), ...refusedWith(404, 422) },
});
const read = createRoute({
  method: "get",
  path: "/api/notification-settings",
  summary: "The kinds of notifications that no channel carries; the bell has all",
  responses: { 200: jsonAnswer("Yours", settings), ...refusedWith() },
});
const write = createRoute({
  method: "patch",
  path: "/api/notification-settings",
  summary: "Choose the kinds that no channel carries",
  request: jsonBody(settings),
  responses: { 200: jsonAnswer("Yours", settings), ...refusedWith() },
});
const pushKey = createRoute({
  method: "get",
  path: "/api/push-key",
  summary: "The public key that a browser subscribes with (VAPID)",
  responses: { 200: jsonAnswer("It stays the same", pushKeyView), ...refusedWith(422) },
});

export function channelRoutes(api: Api, { channels }: GatewayDeps): void {
  api.openapi(list, async (c) => {
    return c.json({ items: (await channels.list(c.get("identity").user)).map(toView), nextCursor: null }, 200);
  });
  api.openapi(create, async (c) => {
    const { user, loginId } = c.get("identity");
    const wanted = c.req.valid("json");
    if (wanted.kind === "push") {
      const destination = { kind: wanted.kind, endpoint: wanted.endpoint, ...wanted.keys };
      // A browser that is signed out is told no more.
      const added = await channels.add(user, { destination, name: wanted.name, loginId });
      return c.json({ ...toView(added), secret: null }, 201);
    }
    const made = wanted.secret === undefined ? randomBytes(32).toString("base64url") : null;
    const destination = { kind: wanted.kind, url: wanted.url, secret: wanted.secret ?? made ?? "" };
    // Receivers keep secrets in the path: only the name of the machine is shown again.
    const added = await channels.add(user, { destination, name: new URL(wanted.url).host, loginId: null });
    return c.json({ ...toView(added), secret: made }, 201);
  });
  api.openapi(remove, async (c) => {
    await channels.remove(c.get("identity").user, c.req.valid("param").id);
    return c.body(null, 204);
  });
  api.openapi(test, async (c) => {
    return c.json(toView(await channels.test(c.get("identity").user, c.req.valid("param").id)), 200);
  });
  api.openapi(read, async (c) => c.json({ muted: await channels.muted(c.get("identity").user) }, 200));
  api.openapi(write, async (c) => {
    const { user } = c.get("identity");
    await channels.mute(user, c.req.valid("json").muted);
    return c.json({ muted: await channels.muted(user) }, 200);
  });
  api.openapi(pushKey, async (c) => c.json({ key: await channels.pushKey() }, 200));
}
