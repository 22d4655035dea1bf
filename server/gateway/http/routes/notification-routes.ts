import { createRoute } from "@hono/zod-openapi";
import { notificationView, page } from "../../../protocol/api";
import { readNotifications } from "../../../protocol/api-requests";
import type { GatewayDeps } from "../../deps";
import { notificationView as toNotificationView } from "../../views/notification-view";
import type { Api } from "../api-env";
import { jsonAnswer, jsonBody, pageOf, pageQuery, refusedWith } from "../route-parts";

const list = createRoute({
  method: "get",
  path: "/api/notifications",
  summary: "Notifications, newest first",
  request: { query: pageQuery },
  responses: {
    200: jsonAnswer("A page of notifications", page(notificationView.meta({ id: "Notification" }))),
    ...refusedWith(),
  },
});
const read = createRoute({
  method: "post",
  path: "/api/notifications/read",
  summary: "Mark as read: those named, or all",
  request: jsonBody(readNotifications),
  responses: { 204: { description: "Read" }, ...refusedWith() },
});

export function notificationRoutes(api: Api, { notifications }: GatewayDeps): void {
  api.openapi(list, async (c) => {
    const found = await notifications.list(c.get("identity").user.id, pageOf(c.req.valid("query")));
    return c.json({ items: found.items.map(toNotificationView), nextCursor: found.nextCursor }, 200);
  });
  api.openapi(read, async (c) => {
    await notifications.markRead(c.get("identity").user.id, c.req.valid("json").ids ?? null);
    return c.body(null, 204);
  });
}
