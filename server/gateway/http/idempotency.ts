import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { AppError } from "../../domain/app-error";
import type { GatewayDeps } from "../deps";
import type { ApiEnv } from "./api-env";
import { isDelivery, needsNoSignIn } from "./guards";

/** What these answer with is secret, signs in, or is nobody's: it is kept nowhere, so a repeat is carried out again. */
const neverKept = new Set([...needsNoSignIn, "/api/sign-in-links", "/api/sign-out"]);

/**
 * A POST with an Idempotency-Key is carried out once: a repeat gets the same answer, the same key with another request
 * is 409. An answer that says "try again" (5xx, 429) is not kept.
 */
export function idempotency({ answers, log }: Pick<GatewayDeps, "answers" | "log">): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = c.req.header("idempotency-key");
    if (c.req.method !== "POST" || key === undefined || neverKept.has(c.req.path) || isDelivery(c.req.path))
      return next();
    if (key.length < 1 || key.length > 255)
      throw new AppError("invalid", "An Idempotency-Key has 1 to 255 characters.");
    const userId = c.get("identity").user.id;
    const hash = createHash("sha256").update(`${c.req.method} ${c.env.incoming.url}\n`);
    hash.update(new Uint8Array(await c.req.arrayBuffer()));
    const claim = await answers.claim(userId, key, hash.digest("hex"));
    switch (claim.kind) {
      case "answered":
        c.header("idempotency-replayed", "true");
        if (claim.answer.body === null) return c.body(null, claim.answer.status as 204);
        return c.json(claim.answer.body, claim.answer.status as 200);
      case "pending":
        throw new AppError(
          "conflict",
          "The first request with this Idempotency-Key is not answered yet: look, then try again.",
        );
      case "other-request":
        throw new AppError("conflict", "This Idempotency-Key was used for another request: take a new one.");
      case "new":
        await next();
        await keep(c.res, { userId, key });
    }
  };

  /** The caller has its answer either way; a claim that is not finished stays `pending` and is never carried out twice. */
  async function keep(response: Response, { userId, key }: { userId: string; key: string }): Promise<void> {
    const again = response.status >= 500 || response.status === 429;
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    try {
      if (again) return await answers.abandon(userId, key);
      const body: unknown = isJson ? await response.clone().json() : null;
      await answers.finish(userId, key, { status: response.status, body });
    } catch (error) {
      log.warn("an answer could not be kept for its Idempotency-Key", { userId, error });
    }
  }
}
