import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../domain/app-error";
import { hostView as hostSchema } from "../../../protocol/api";
import type { GatewayDeps } from "../../deps";
import { hostView } from "../../views/host-view";
import type { Api } from "../api-env";
import { jsonAnswer, refusedWith } from "../route-parts";

const alive = z.object({ status: z.literal("ok") });

const health = createRoute({
  method: "get",
  path: "/api/health",
  summary: "Alive",
  description: "Needs no sign-in.",
  responses: { 200: jsonAnswer("It answers", alive) },
});
const ready = createRoute({
  method: "get",
  path: "/api/ready",
  summary: "Database and loops are up",
  description: "Needs no sign-in.",
  responses: { 200: jsonAnswer("Ready", alive), ...refusedWith(503) },
});
const hosts = createRoute({
  method: "get",
  path: "/api/hosts",
  summary: "Where sessions live: reachable, or why not",
  description: "Looked at now. What this server may not do in the cluster comes with the rule that grants it.",
  responses: {
    200: jsonAnswer("Every host", z.object({ items: z.array(hostSchema.meta({ id: "Host" })), nextCursor: z.null() })),
    ...refusedWith(),
  },
});

export function serverRoutes(api: Api, deps: GatewayDeps): void {
  api.openapi(health, (c) => c.json({ status: "ok" as const }, 200));
  api.openapi(ready, async (c) => {
    const reason = await deps.notReady();
    if (reason !== null) throw new AppError("unavailable", reason);
    return c.json({ status: "ok" as const }, 200);
  });
  api.openapi(hosts, async (c) => {
    return c.json({ items: await Promise.all(deps.hosts.map(hostView)), nextCursor: null }, 200);
  });
}
