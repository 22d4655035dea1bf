import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../domain/app-error";
import type { GatewayDeps } from "../../deps";
import type { Api } from "../api-env";
import { idParam, jsonAnswer, refusedWith } from "../route-parts";

/** Each is held in memory whole. */
const atOnce = 2;

const upload = createRoute({
  method: "post",
  path: "/api/sessions/{id}/uploads",
  summary: "Put a file beside the session",
  description: "Raw bytes, at most 64 MiB; answers with the absolute path on the host, outside the worktree.",
  request: {
    params: idParam,
    query: z.object({ name: z.string().min(1).max(255) }),
    body: { content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } } },
  },
  responses: { 201: jsonAnswer("Where it is", z.object({ path: z.string() })), ...refusedWith(404, 413, 429, 503) },
});

export function uploadRoutes(api: Api, { sessions }: GatewayDeps): void {
  let underWay = 0;
  api.openapi(upload, async (c) => {
    if (underWay >= atOnce) throw new AppError("too-many", "Other files are being uploaded: try again in a second.");
    underWay += 1;
    try {
      const { user } = c.get("identity");
      await sessions.get(user, c.req.valid("param").id);
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const file = { name: c.req.valid("query").name, bytes };
      return c.json(await sessions.upload(user, c.req.valid("param").id, file), 201);
    } finally {
      underWay -= 1;
    }
  });
}
