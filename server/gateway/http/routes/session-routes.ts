import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../domain/app-error";
import { lossView, page, sessionView } from "../../../protocol/api";
import { createSession, endSession, patchSession, retrySession } from "../../../protocol/api-requests";
import type { SessionFilter } from "../../../sessions/session-store";
import type { GatewayDeps } from "../../deps";
import { lossView as toLossView } from "../../views/loss-view";
import type { ViewReader } from "../../views/view-reader";
import type { Api } from "../api-env";
import { refuseFields } from "../not-available";
import { given, idParam, jsonAnswer, jsonBody, pageOf, pageQuery, refusedWith } from "../route-parts";

const session = sessionView.meta({ id: "Session" });

const list = createRoute({
  method: "get",
  path: "/api/sessions",
  summary: "Sessions, newest first",
  request: {
    query: pageQuery.extend({
      repositoryId: z.string().max(128).optional(),
      state: z.enum(["active", "ended"]).optional(),
      userId: z.string().max(128).optional(),
      q: z.string().max(200).optional(),
    }),
  },
  responses: { 200: jsonAnswer("A page of sessions", page(session)), ...refusedWith() },
});
const create = createRoute({
  method: "post",
  path: "/api/sessions",
  summary: "New Session",
  description: "Answers at once; follow `phase` and `steps` until it is `active`.",
  request: jsonBody(createSession),
  responses: { 201: jsonAnswer("The session, being created", session), ...refusedWith(404, 409, 422) },
});
const get = createRoute({
  method: "get",
  path: "/api/sessions/{id}",
  summary: "One session",
  request: { params: idParam },
  responses: { 200: jsonAnswer("The session", session), ...refusedWith(404) },
});
const patch = createRoute({
  method: "patch",
  path: "/api/sessions/{id}",
  summary: "Rename a session",
  request: { params: idParam, ...jsonBody(patchSession) },
  responses: { 200: jsonAnswer("The session", session), ...refusedWith(404) },
});
const loss = createRoute({
  method: "get",
  path: "/api/sessions/{id}/loss",
  summary: "What ending would lose, looked at now",
  request: { params: idParam },
  responses: {
    200: jsonAnswer("The look and its token", lossView.meta({ id: "Loss" })),
    ...refusedWith(404, 409, 503),
  },
});
const end = createRoute({
  method: "post",
  path: "/api/sessions/{id}/end",
  summary: "End a session",
  description: "Every `keep` but `rescue` needs the token of a look; 409 `loss-changed` carries the new look.",
  request: { params: idParam, ...jsonBody(endSession) },
  responses: {
    200: jsonAnswer("It had ended: nothing changed", session),
    202: jsonAnswer("It is ending", session),
    ...refusedWith(404, 409, 503),
  },
});
const retry = createRoute({
  method: "post",
  path: "/api/sessions/{id}/retry",
  summary: "Try again after `failed`",
  request: { params: idParam, ...jsonBody(retrySession) },
  responses: { 200: jsonAnswer("The session", session), ...refusedWith(404, 409) },
});

/** A look that changed is shown as every look is: the room gives its own shape. */
function withLossView(error: unknown): unknown {
  if (!AppError.is(error) || error.code !== "loss-changed") return error;
  const look = error.details as Parameters<typeof toLossView>[0] | undefined;
  return look === undefined
    ? error
    : new AppError("loss-changed", error.message, { cause: error, details: toLossView(look) });
}

export function sessionRoutes(api: Api, { sessions, pulls }: GatewayDeps, views: ViewReader): void {
  api.openapi(list, async (c) => {
    const { user } = c.get("identity");
    const { repositoryId, state, userId, q, ...rest } = c.req.valid("query");
    // Sessions are private to their owner: another's are a list that is empty.
    if (userId !== undefined && userId !== user.id) return c.json({ items: [], nextCursor: null }, 200);
    const filter = { userId: user.id, ...given({ repositoryId, state, q }), ...pageOf(rest) } as SessionFilter;
    const { items, nextCursor } = await sessions.list(filter);
    return c.json({ items: await views.sessions(user, items), nextCursor }, 200);
  });
  api.openapi(create, async (c) => {
    const { user } = c.get("identity");
    const { pullUrl, agent, prompt, ...asked } = c.req.valid("json");
    refuseFields({ agent, prompt }, ["agent", "prompt"]);
    const adopt = pullUrl === undefined ? undefined : await pulls.forAdoption(user, asked.repositoryId, pullUrl);
    const wanted = given({ ...asked, title: asked.title ?? adopt?.title, adopt });
    const made = await sessions.create(user, wanted as Parameters<typeof sessions.create>[1]);
    if (adopt) await pulls.link(user, made.session.id, adopt.url);
    return c.json(await views.session(user, made), 201);
  });
  api.openapi(get, async (c) => {
    const { user } = c.get("identity");
    return c.json(await views.session(user, await sessions.get(user, c.req.valid("param").id)), 200);
  });
  api.openapi(patch, async (c) => {
    const { user } = c.get("identity");
    const renamed = await sessions.rename(user, c.req.valid("param").id, c.req.valid("json").title);
    return c.json(await views.session(user, renamed), 200);
  });
  api.openapi(loss, async (c) => {
    return c.json(toLossView(await sessions.look(c.get("identity").user, c.req.valid("param").id)), 200);
  });
  api.openapi(end, async (c) => {
    const { user } = c.get("identity");
    const { keep, token } = c.req.valid("json");
    const done = await sessions.end(user, c.req.valid("param").id, { keep, token: token ?? null }).catch((error) => {
      throw withLossView(error);
    });
    const view = await views.session(user, done.reading);
    return view.state === "ended" ? c.json(view, 200) : c.json(view, 202);
  });
  api.openapi(retry, async (c) => {
    const { user } = c.get("identity");
    const skip = c.req.valid("json").skip ?? false;
    return c.json(await views.session(user, await sessions.retry(user, c.req.valid("param").id, { skip })), 200);
  });
}
