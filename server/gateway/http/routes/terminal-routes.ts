import { createRoute, z } from "@hono/zod-openapi";
import { terminalView } from "../../../protocol/api";
import { createTerminal, patchTerminal } from "../../../protocol/api-requests";
import type { GatewayDeps } from "../../deps";
import { terminalView as toTerminalView } from "../../views/terminal-view";
import type { Api } from "../api-env";
import { given, idParam, jsonAnswer, jsonBody, refusedWith } from "../route-parts";

const terminal = terminalView.meta({ id: "Terminal" });
const params = idParam.extend({ terminalId: z.string().min(1).max(128) });
const maxLogBytes = 8 * 1024 * 1024;

const list = createRoute({
  method: "get",
  path: "/api/sessions/{id}/terminals",
  summary: "Terminals, as arranged",
  request: { params: idParam },
  responses: {
    200: jsonAnswer("All of them", z.object({ items: z.array(terminal), nextCursor: z.null() })),
    ...refusedWith(404),
  },
});
const create = createRoute({
  method: "post",
  path: "/api/sessions/{id}/terminals",
  summary: "Open a terminal",
  description: "Without `command` it is the login shell.",
  request: { params: idParam, ...jsonBody(createTerminal) },
  responses: { 201: jsonAnswer("The terminal", terminal), ...refusedWith(404, 409, 503) },
});
const patch = createRoute({
  method: "patch",
  path: "/api/sessions/{id}/terminals/{terminalId}",
  summary: "Rename a terminal",
  request: { params, ...jsonBody(patchTerminal) },
  responses: { 200: jsonAnswer("The terminal", terminal), ...refusedWith(404) },
});
const remove = createRoute({
  method: "delete",
  path: "/api/sessions/{id}/terminals/{terminalId}",
  summary: "End its program and close it",
  request: { params },
  responses: { 204: { description: "It is closed" }, ...refusedWith(404, 503) },
});
const restart = createRoute({
  method: "post",
  path: "/api/sessions/{id}/terminals/{terminalId}/restart",
  summary: "Start its program again",
  description: "A new epoch in the same terminal.",
  request: { params },
  responses: { 200: jsonAnswer("The terminal", terminal), ...refusedWith(404, 409, 503) },
});
const log = createRoute({
  method: "get",
  path: "/api/sessions/{id}/terminals/{terminalId}/log",
  summary: "Raw bytes of its output log",
  description: "From `from` on, or from the oldest byte still kept; `X-Offset` is where the answer begins.",
  request: {
    params,
    query: z.object({
      from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(maxLogBytes)
        .default(1024 * 1024),
    }),
  },
  responses: {
    200: {
      description: "The bytes",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
      headers: z.object({ "X-Offset": z.string(), "X-Head-Offset": z.string() }),
    },
    ...refusedWith(404, 503),
  },
});

export function terminalRoutes(api: Api, { sessions, terminals }: GatewayDeps): void {
  api.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    await sessions.get(c.get("identity").user, id);
    const shells = (await terminals.list(id)).filter((reading) => reading.terminal.kind === "shell");
    return c.json({ items: shells.map(toTerminalView), nextCursor: null }, 200);
  });
  api.openapi(create, async (c) => {
    const { id } = c.req.valid("param");
    await sessions.get(c.get("identity").user, id);
    const wanted = given(c.req.valid("json")) as Parameters<typeof terminals.open>[1];
    return c.json(toTerminalView(await terminals.open(id, wanted)), 201);
  });
  api.openapi(patch, async (c) => {
    const { id, terminalId } = c.req.valid("param");
    await sessions.get(c.get("identity").user, id);
    return c.json(toTerminalView(await terminals.rename(id, terminalId, c.req.valid("json").title)), 200);
  });
  api.openapi(remove, async (c) => {
    const { id, terminalId } = c.req.valid("param");
    await sessions.get(c.get("identity").user, id);
    await terminals.close(id, terminalId);
    return c.body(null, 204);
  });
  api.openapi(restart, async (c) => {
    const { id, terminalId } = c.req.valid("param");
    await sessions.get(c.get("identity").user, id);
    return c.json(toTerminalView(await terminals.restart(id, terminalId)), 200);
  });
  api.openapi(log, async (c) => {
    const [{ id, terminalId }, { from, limit }] = [c.req.valid("param"), c.req.valid("query")];
    await sessions.get(c.get("identity").user, id);
    const slice = await terminals.log(id, terminalId, from, limit);
    return c.body(slice.bytes as Uint8Array<ArrayBuffer>, 200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="terminal.log"`,
      "x-offset": String(slice.offset),
      "x-head-offset": String(slice.headOffset),
    });
  });
}
