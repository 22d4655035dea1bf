import type { MiddlewareHandler } from "hono";
import { AppError } from "../../domain/app-error";
import type { GatewayDeps } from "../deps";
import { isOurHost, isOurOrigin } from "./allowed-origin";
import type { ApiEnv } from "./api-env";
import { boundBody } from "./bound-body";
import { credentialOf, identify } from "./identify";

const maxJsonBytes = 1024 * 1024;
/** GitHub sends none above this. */
const maxDeliveryBytes = 25 * 1024 * 1024;
export const maxUploadBytes = 64 * 1024 * 1024;

/** Read by probes that know only an address; no name can be turned against them. */
const probes = new Set(["/api/health", "/api/ready", "/metrics"]);
export const needsNoSignIn: ReadonlySet<string> = new Set(["/api/health", "/api/ready", "/api/sign-in"]);
const isUpload = (path: string) => /^\/api\/sessions\/[^/]+\/uploads$/.test(path);
/** Signed with a secret of their own: no sign-in, no Origin, and a bound of their own. */
export const isDelivery = (path: string) => /^\/api\/webhooks\/[^/]+$/.test(path);
const isMutating = (method: string) => !["GET", "HEAD", "OPTIONS"].includes(method);

/** A foreign Host is a name of somebody else's that was pointed at us (DNS rebinding). */
export function checkHost(deps: Pick<GatewayDeps, "origin">): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const host = c.env.incoming.headers.host;
    if (!probes.has(c.req.path) && !isOurHost(host, deps.origin()))
      throw new AppError("forbidden", `This server is ${deps.origin()}; the request names another host.`);
    await next();
  };
}

/** Answers 401, or 403 where a page of another site may have sent the request with the person's cookie. */
export function checkIdentity(deps: Pick<GatewayDeps, "origin" | "accounts">): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { headers } = c.env.incoming;
    if (isDelivery(c.req.path)) return next();
    const credential = credentialOf(headers, deps.origin());
    if (isMutating(c.req.method) && credential?.by !== "token") checkOrigin(headers.origin, credential !== null);
    const identity = needsNoSignIn.has(c.req.path) ? null : await identify(deps.accounts, credential);
    if (identity) c.set("identity", identity);
    else if (!needsNoSignIn.has(c.req.path))
      throw new AppError("signed-out", "Sign in first: `npm run sign-in` prints a link.");
    await next();
  };

  function checkOrigin(origin: string | undefined, withCookie: boolean): void {
    if (origin === undefined ? withCookie : !isOurOrigin(origin, deps.origin()))
      throw new AppError("forbidden", `The request must come from a page of ${deps.origin()} (its Origin header).`);
  }
}

function bodyBound(path: string): number {
  if (isDelivery(path)) return maxDeliveryBytes;
  return isUpload(path) ? maxUploadBytes : maxJsonBytes;
}

/** 415 for a body that is not JSON, 413 for one that is too large; uploads are raw and have a bound of their own. */
export function checkBody(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (!isMutating(c.req.method)) return next();
    const { headers } = c.env.incoming;
    const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    if (
      !isUpload(c.req.path) &&
      !isDelivery(c.req.path) &&
      hasBody &&
      !/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")
    )
      throw new AppError("unsupported-media-type", "The body must be JSON (Content-Type: application/json).");
    await boundBody(c, bodyBound(c.req.path));
    await next();
  };
}
