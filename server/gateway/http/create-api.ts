import { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { GatewayDeps } from "../deps";
import { createMetrics } from "../metrics";
import { viewReader } from "../views/view-reader";
import type { Api, ApiEnv } from "./api-env";
import { documentRoutes } from "./document";
import { errorAnswer } from "./error-answer";
import { checkBody, checkHost, checkIdentity } from "./guards";
import { idempotency } from "./idempotency";
import { accountRoutes } from "./routes/account-routes";
import { channelRoutes } from "./routes/channel-routes";
import { forgeRoutes } from "./routes/forge-routes";
import { laterRoutes } from "./routes/later-routes";
import { notificationRoutes } from "./routes/notification-routes";
import { pullRoutes } from "./routes/pull-routes";
import { repositoryHostRoutes } from "./routes/repository-host-routes";
import { repositoryRoutes } from "./routes/repository-routes";
import { serverRoutes } from "./routes/server-routes";
import { sessionRoutes } from "./routes/session-routes";
import { terminalRoutes } from "./routes/terminal-routes";
import { uploadRoutes } from "./routes/upload-routes";

/** The HTTP API of the contract, section 2. */
export function createApi(deps: GatewayDeps, around: { signedOut(loginId: string): void; sockets(): number }): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success)
        throw new AppError("invalid", inWords(result.error.issues), { details: result.error.issues });
    },
  });
  const metrics = createMetrics({ terminals: deps.terminals, sockets: around.sockets });
  api.use("*", async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(apiHeaders))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  api.use("*", metrics.time);
  api.use("*", checkHost(deps), checkIdentity(deps), checkBody(), idempotency(deps));
  api.onError((error, c) => {
    const { status, body, headers } = errorAnswer(error, deps.log);
    return c.json(body, status, headers);
  });
  api.notFound((c) => {
    const { body } = errorAnswer(new AppError("not-found", `There is no ${c.req.method} ${c.req.path}.`), deps.log);
    return c.json(body, 404);
  });
  const views = viewReader(deps);
  serverRoutes(api, deps);
  accountRoutes(api, deps, around.signedOut);
  repositoryRoutes(api, deps, views);
  repositoryHostRoutes(api, deps, views);
  sessionRoutes(api, deps, views);
  terminalRoutes(api, deps);
  uploadRoutes(api, deps);
  notificationRoutes(api, deps);
  channelRoutes(api, deps);
  pullRoutes(api, deps);
  forgeRoutes(api, deps);
  documentRoutes(api);
  api.get("/metrics", metrics.answer);
  laterRoutes(api);
  return api;
}

const apiHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function inWords(issues: readonly z.core.$ZodIssue[]): string {
  const words = issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.length > 0 ? path.join(".") : "input"}: ${message}`);
  return words.join("; ");
}
