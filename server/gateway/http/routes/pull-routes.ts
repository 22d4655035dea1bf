import { createRoute, z } from "@hono/zod-openapi";
import {
  createPull,
  draftQuery,
  mergePull,
  openPullView,
  pullDraftView,
  pullView,
  requestReview,
  retargetPull,
} from "../../../protocol/pulls";
import type { PullReading, Pulls } from "../../../pulls/pulls";
import type { GatewayDeps } from "../../deps";
import { openPullView as toOpenView, pullView as toView } from "../../views/pull-view";
import type { Api } from "../api-env";
import { given, idParam, jsonAnswer, jsonBody, refusedWith } from "../route-parts";

const pull = pullView.meta({ id: "PullRequest" });
const pullParam = idParam.extend({ prId: z.string().min(1).max(128) });
const answer = {
  200: jsonAnswer("The pull request as the forge has it now", pull),
  ...refusedWith(404, 409, 422, 503),
};

const list = createRoute({
  method: "get",
  path: "/api/sessions/{id}/prs",
  summary: "Pull requests of a session, newest first",
  request: { params: idParam },
  responses: {
    200: jsonAnswer("Its own", z.object({ items: z.array(pull), nextCursor: z.null() })),
    ...refusedWith(404),
  },
});
const openOnes = createRoute({
  method: "get",
  path: "/api/repositories/{id}/prs",
  summary: "Open pull requests of a repository that are known, newest first",
  description: "Those that are followed, and what the last look at its forge found beside them. Asks no forge.",
  request: { params: idParam },
  responses: {
    200: jsonAnswer(
      "Known open ones",
      z.object({ items: z.array(openPullView.meta({ id: "OpenPullRequest" })), nextCursor: z.null() }),
    ),
    ...refusedWith(404),
  },
});
const draft = createRoute({
  method: "get",
  path: "/api/sessions/{id}/prs/draft",
  summary: "What opening a pull request would say, from the commits of its branch",
  description:
    "Onto `base` (the session's, else the default branch) from `head` (the session's branch). One commit gives its subject and body; several give the session's title and their subjects. The repository's own template ends the body.",
  request: { params: idParam, query: draftQuery },
  responses: {
    200: jsonAnswer("The draft", pullDraftView.meta({ id: "PullRequestDraft" })),
    ...refusedWith(404, 503),
  },
});
const create = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs",
  summary: "Link one by hand, or open one on the forge",
  request: { params: idParam, ...jsonBody(createPull) },
  responses: { 201: jsonAnswer("The pull request", pull), ...refusedWith(404, 409, 422, 503) },
});
const unlink = createRoute({
  method: "delete",
  path: "/api/sessions/{id}/prs/{prId}",
  summary: "Unlink: it is not followed for this session any more",
  request: { params: pullParam },
  responses: { 204: { description: "Unlinked" }, ...refusedWith(404) },
});
const merge = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs/{prId}/merge",
  summary: "Merge, if the head is still the one that was seen",
  request: { params: pullParam, ...jsonBody(mergePull) },
  responses: answer,
});
const retarget = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs/{prId}/retarget",
  summary: "Another base",
  request: { params: pullParam, ...jsonBody(retargetPull) },
  responses: answer,
});
const update = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs/{prId}/update",
  summary: "Bring it up to date with its base",
  request: { params: pullParam },
  responses: answer,
});
const review = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs/{prId}/request-review",
  summary: "Ask people for a review",
  request: { params: pullParam, ...jsonBody(requestReview) },
  responses: answer,
});
const refresh = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs/{prId}/refresh",
  summary: "Look at the forge now",
  request: { params: pullParam },
  responses: answer,
});
const nudgeDone = createRoute({
  method: "post",
  path: "/api/sessions/{id}/prs/{prId}/nudges/{nudgeId}/done",
  summary: "A message was copied, or put away",
  request: { params: pullParam.extend({ nudgeId: z.string().min(1).max(128) }) },
  responses: { 204: { description: "Done" }, ...refusedWith(404) },
});

type Params = z.infer<typeof pullParam>;
const at = ({ id, prId }: Params) => ({ sessionId: id, pullId: prId });

export function pullRoutes(api: Api, { sessions, pulls }: GatewayDeps): void {
  const opened = (reading: PullReading) => toView(reading);
  api.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    await sessions.get(c.get("identity").user, id);
    const own = (await pulls.readMany([id])).get(id)?.own ?? [];
    return c.json({ items: own.map(toView), nextCursor: null }, 200);
  });
  api.openapi(openOnes, async (c) => {
    const known = await pulls.openOf(c.get("identity").user, c.req.valid("param").id);
    return c.json({ items: known.map(toOpenView), nextCursor: null }, 200);
  });
  api.openapi(draft, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await pulls.draft(c.get("identity").user, id, given(c.req.valid("query"))), 200);
  });
  api.openapi(create, async (c) => {
    const { user } = c.get("identity");
    const { id } = c.req.valid("param");
    const wanted = c.req.valid("json");
    if ("url" in wanted) return c.json(opened(await pulls.link(user, id, wanted.url)), 201);
    return c.json(opened(await pulls.open(user, id, given(wanted) as Parameters<Pulls["open"]>[2])), 201);
  });
  api.openapi(unlink, async (c) => {
    const { id, prId } = c.req.valid("param");
    await pulls.unlink(c.get("identity").user, id, prId);
    return c.body(null, 204);
  });
  api.openapi(merge, async (c) => {
    const { headSha, method = null } = c.req.valid("json");
    const merged = await pulls.merge(c.get("identity").user, at(c.req.valid("param")), { headSha, method });
    return c.json(toView(merged), 200);
  });
  api.openapi(retarget, async (c) => {
    const moved = await pulls.retarget(c.get("identity").user, at(c.req.valid("param")), c.req.valid("json").base);
    return c.json(toView(moved), 200);
  });
  api.openapi(update, async (c) => {
    return c.json(toView(await pulls.update(c.get("identity").user, at(c.req.valid("param")))), 200);
  });
  api.openapi(review, async (c) => {
    const { reviewers } = c.req.valid("json");
    const asked = await pulls.requestReview(c.get("identity").user, at(c.req.valid("param")), reviewers);
    return c.json(toView(asked), 200);
  });
  api.openapi(refresh, async (c) => {
    return c.json(toView(await pulls.refresh(c.get("identity").user, at(c.req.valid("param")))), 200);
  });
  api.openapi(nudgeDone, async (c) => {
    const { nudgeId, ...params } = c.req.valid("param");
    await pulls.doneWithNudge(c.get("identity").user, at(params), nudgeId);
    return c.body(null, 204);
  });
}
