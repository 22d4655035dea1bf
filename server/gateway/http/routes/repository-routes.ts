import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../domain/app-error";
import type { HostKind, RepositorySettings } from "../../../domain/repository";
import { page, repositoryView, rescueView } from "../../../protocol/api";
import { createRepository, patchRepository } from "../../../protocol/api-requests";
import type { RepositoryRemains } from "../../../sessions/repositories";
import type { GatewayDeps } from "../../deps";
import { rescueView as toRescueView } from "../../views/rescue-view";
import type { ViewReader } from "../../views/view-reader";
import type { Api } from "../api-env";
import { checkSettings } from "../check-settings";
import { given, idParam, jsonAnswer, jsonBody, pageOf, pageQuery, refusedWith } from "../route-parts";

const repository = repositoryView.meta({ id: "Repository" });
const rescue = rescueView.meta({ id: "Rescue" });
const remains = z
  .object({
    rescues: z.array(rescue),
    unpushedBranches: z.array(z.object({ branch: z.string(), commits: z.int() })),
    directories: z.array(z.string()),
    token: z.string(),
  })
  .meta({ id: "RepositoryRemains" });

const list = createRoute({
  method: "get",
  path: "/api/repositories",
  summary: "Repositories",
  request: { query: pageQuery },
  responses: { 200: jsonAnswer("A page of repositories", page(repository)), ...refusedWith() },
});
const create = createRoute({
  method: "post",
  path: "/api/repositories",
  summary: "Add a repository",
  description:
    "The remote is asked first; the clone is made in the background, on `host`: this machine or a pod of its own.",
  request: jsonBody(createRepository),
  responses: { 201: jsonAnswer("The repository, its clone under way", repository), ...refusedWith(409, 422, 503) },
});
const get = createRoute({
  method: "get",
  path: "/api/repositories/{id}",
  summary: "One repository",
  request: { params: idParam },
  responses: { 200: jsonAnswer("The repository", repository), ...refusedWith(404) },
});
const patch = createRoute({
  method: "patch",
  path: "/api/repositories/{id}",
  summary: "Change a repository's name, default branch or settings",
  description:
    "Settings that are left out stay as they are. What a running pod cannot take is pending until it starts again.",
  request: { params: idParam, ...jsonBody(patchRepository) },
  responses: { 200: jsonAnswer("The repository", repository), ...refusedWith(404, 422) },
});
const remove = createRoute({
  method: "delete",
  path: "/api/repositories/{id}",
  summary: "Delete a repository, its clone and its ended sessions",
  description:
    "409 while a session is active, and 409 with what would go along as details unless `token` names that look.",
  request: { params: idParam, query: z.object({ token: z.string().max(256).optional() }) },
  responses: { 202: { description: "It goes in the background" }, ...refusedWith(404, 409, 503) },
});
const rescues = createRoute({
  method: "get",
  path: "/api/repositories/{id}/rescues",
  summary: "What its ended sessions left behind",
  request: { params: idParam },
  responses: {
    200: jsonAnswer("Newest first", z.object({ items: z.array(rescue), nextCursor: z.null() })),
    ...refusedWith(404, 503),
  },
});
const whatRemains = createRoute({
  method: "get",
  path: "/api/repositories/{id}/remains",
  summary: "What deleting it would take along, looked at now",
  request: { params: idParam },
  responses: { 200: jsonAnswer("What would go, and the token of this look", remains), ...refusedWith(404, 503) },
});

type Remains = RepositoryRemains & { token: string };

const remainsView = (found: Remains, keepEndedDays: number) => ({
  rescues: found.rescues.map((one) => toRescueView(one, keepEndedDays)),
  unpushedBranches: found.unpushedBranches,
  directories: found.directories,
  token: found.token,
});

/** What a refused deletion would take along is shown as the look at it is. */
function withRemainsView(error: unknown, keepEndedDays: number): unknown {
  if (!AppError.is(error) || error.code !== "conflict") return error;
  const { remains, token } = (error.details ?? {}) as { remains?: RepositoryRemains; token?: string };
  if (remains === undefined || token === undefined) return error;
  const details = remainsView({ ...remains, token }, keepEndedDays);
  return new AppError("conflict", error.message, { cause: error, details });
}

type Wanted = { name?: string; defaultBranch?: string; settings?: Partial<RepositorySettings> };

/** Only what was given, settings too; refuses what this server, or that host, cannot do. */
function wantedOf(body: z.infer<typeof patchRepository>, host: HostKind): Wanted {
  const settings = body.settings && (given(body.settings) as Partial<RepositorySettings>);
  if (settings) checkSettings(settings, host);
  return given({ name: body.name, defaultBranch: body.defaultBranch, settings }) as Wanted;
}

export function repositoryRoutes(api: Api, { repositories, hosts, pulls }: GatewayDeps, views: ViewReader): void {
  api.openapi(list, async (c) => {
    const { user } = c.get("identity");
    const { items, nextCursor } = await repositories.list(user, pageOf(c.req.valid("query")));
    return c.json({ items: await views.repositories(user, items), nextCursor }, 200);
  });
  api.openapi(create, async (c) => {
    const { user } = c.get("identity");
    const { cloneUrl, host, forgeId, ...rest } = c.req.valid("json");
    if (forgeId !== undefined && !(await pulls.forges(user)).some(({ forge }) => forge.id === forgeId))
      throw new AppError("refused", `There is no forge ${forgeId}: add it in the settings first, or leave it out.`);
    const wanted = wantedOf(rest, host ?? hosts[0]?.kind ?? "local");
    const made = await repositories.add(user, { cloneUrl, ...given({ host, forgeId }), ...wanted });
    return c.json(await views.repository(user, made), 201);
  });
  api.openapi(get, async (c) => {
    const { user } = c.get("identity");
    return c.json(await views.repository(user, await repositories.get(user, c.req.valid("param").id)), 200);
  });
  api.openapi(patch, async (c) => {
    const [{ user }, { id }] = [c.get("identity"), c.req.valid("param")];
    const { host } = await repositories.get(user, id);
    const changed = await repositories.update(user, id, wantedOf(c.req.valid("json"), host));
    return c.json(await views.repository(user, changed), 200);
  });
  api.openapi(remove, async (c) => {
    const [{ user }, { id }] = [c.get("identity"), c.req.valid("param")];
    const { settings } = await repositories.get(user, id);
    await repositories.remove(user, id, c.req.valid("query").token ?? null).catch((error: unknown) => {
      throw withRemainsView(error, settings.keepEndedDays);
    });
    return c.body(null, 202);
  });
  api.openapi(rescues, async (c) => {
    const [{ user }, { id }] = [c.get("identity"), c.req.valid("param")];
    const [{ settings }, found] = await Promise.all([repositories.get(user, id), repositories.rescues(user, id)]);
    return c.json({ items: found.map((one) => toRescueView(one, settings.keepEndedDays)), nextCursor: null }, 200);
  });
  api.openapi(whatRemains, async (c) => {
    const [{ user }, { id }] = [c.get("identity"), c.req.valid("param")];
    const [{ settings }, found] = await Promise.all([repositories.get(user, id), repositories.remains(user, id)]);
    return c.json(remainsView(found, settings.keepEndedDays), 200);
  });
}
