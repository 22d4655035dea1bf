import { createRoute } from "@hono/zod-openapi";
import { repositoryHost } from "../../../protocol/api";
import { restartHost } from "../../../protocol/api-requests";
import type { GatewayDeps } from "../../deps";
import type { ViewReader } from "../../views/view-reader";
import type { Api } from "../api-env";
import { idParam, jsonAnswer, jsonBody, refusedWith } from "../route-parts";

const host = repositoryHost.meta({ id: "RepositoryHost" });

const wake = createRoute({
  method: "post",
  path: "/api/repositories/{id}/host/wake",
  summary: "Wake a pod that rests",
  description: "Of no effect on a host that is up. Opening or making a session does the same.",
  request: { params: idParam },
  responses: { 200: jsonAnswer("The host, on its way up", host), ...refusedWith(404, 422, 503) },
});
const restart = createRoute({
  method: "post",
  path: "/api/repositories/{id}/host/restart",
  summary: "Start a pod again, with what is pending",
  description:
    "409 with the programs that would end as details (a HostBurden) unless `token` names that look. Its files stay.",
  request: { params: idParam, ...jsonBody(restartHost) },
  responses: { 202: jsonAnswer("The host, starting again", host), ...refusedWith(404, 409, 422, 503) },
});

export function repositoryHostRoutes(api: Api, { repositories }: GatewayDeps, views: ViewReader): void {
  api.openapi(wake, async (c) => {
    const [{ user }, { id }] = [c.get("identity"), c.req.valid("param")];
    await repositories.wakeHost(user, id);
    return c.json(await views.repositoryHost(user, await repositories.get(user, id)), 200);
  });
  api.openapi(restart, async (c) => {
    const [{ user }, { id }] = [c.get("identity"), c.req.valid("param")];
    await repositories.restartHost(user, id, c.req.valid("json").token ?? null);
    return c.json(await views.repositoryHost(user, await repositories.get(user, id)), 202);
  });
}
