import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Identity } from "../../accounts/accounts";

/** What a handler may read of the request beside its own input. `identity` is there on every route but the open ones. */
export type ApiEnv = { Bindings: HttpBindings; Variables: { identity: Identity } };

export type Api = OpenAPIHono<ApiEnv>;
