import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../domain/app-error";
import { createForge, forgeView, patchForge } from "../../../protocol/pulls";
import type { GatewayDeps } from "../../deps";
import { forgeView as toView } from "../../views/pull-view";
import type { Api } from "../api-env";
import { idParam, jsonAnswer, jsonBody, refusedWith } from "../route-parts";

const forge = forgeView.meta({ id: "Forge" });

const list = createRoute({
  method: "get",
  path: "/api/forges",
  summary: "Forges whose tokens were given",
  responses: {
    200: jsonAnswer("All of them", z.object({ items: z.array(forge), nextCursor: z.null() })),
    ...refusedWith(),
  },
});
const create = createRoute({
  method: "post",
  path: "/api/forges",
  summary: "Add a forge: its token is checked on the spot, and never given back",
  request: jsonBody(createForge),
  responses: { 201: jsonAnswer("The forge", forge), ...refusedWith(409, 422, 503) },
});
const patch = createRoute({
  method: "patch",
  path: "/api/forges/{id}",
  summary: "Another token",
  request: { params: idParam, ...jsonBody(patchForge) },
  responses: { 200: jsonAnswer("The forge", forge), ...refusedWith(404, 422, 503) },
});
const check = createRoute({
  method: "post",
  path: "/api/forges/{id}/check",
  summary: "Look again at what its token may do",
  description: "What the token lacks stays in `missing` until a check finds something else.",
  request: { params: idParam },
  responses: { 200: jsonAnswer("The forge", forge), ...refusedWith(404, 422, 503) },
});
const remove = createRoute({
  method: "delete",
  path: "/api/forges/{id}",
  summary: "Forget a forge and its token; facts that were seen stay",
  request: { params: idParam },
  responses: { 204: { description: "Forgotten" }, ...refusedWith(404) },
});
const hook = createRoute({
  method: "post",
  path: "/api/repositories/{id}/webhook",
  summary: "Register the webhook of a repository at its forge",
  request: { params: idParam },
  responses: { 204: { description: "Registered" }, ...refusedWith(404, 422, 503) },
});
const deliver = createRoute({
  method: "post",
  path: "/api/webhooks/{id}",
  summary: "A signed delivery of a forge: it only says look now",
  request: { params: idParam },
  responses: { 204: { description: "Taken" }, ...refusedWith(403) },
});

export function forgeRoutes(api: Api, { pulls }: GatewayDeps): void {
  api.openapi(list, async (c) => {
    return c.json({ items: (await pulls.forges(c.get("identity").user)).map(toView), nextCursor: null }, 200);
  });
  api.openapi(create, async (c) => {
    return c.json(toView(await pulls.addForge(c.get("identity").user, c.req.valid("json"))), 201);
  });
  api.openapi(patch, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(toView(await pulls.changeForge(c.get("identity").user, id, c.req.valid("json"))), 200);
  });
  api.openapi(check, async (c) => {
    return c.json(toView(await pulls.checkForge(c.get("identity").user, c.req.valid("param").id)), 200);
  });
  api.openapi(remove, async (c) => {
    await pulls.removeForge(c.get("identity").user, c.req.valid("param").id);
    return c.body(null, 204);
  });
  api.openapi(hook, async (c) => {
    await pulls.registerWebhook(c.get("identity").user, c.req.valid("param").id);
    return c.body(null, 204);
  });
  api.openapi(deliver, async (c) => {
    const headers = Object.fromEntries(
      Object.entries(c.env.incoming.headers).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value]] : [],
      ),
    );
    const body = new Uint8Array(await c.req.arrayBuffer());
    // A stranger is not told whether the forge is known or the signature is wrong.
    if (!(await pulls.deliver(c.req.valid("param").id, { headers, body })))
      throw new AppError("forbidden", "The delivery is not signed with the secret of a forge that is known here.");
    return c.body(null, 204);
  });
}
