import { z } from "@hono/zod-openapi";
import { apiError } from "../../protocol/api";

/** Pieces that many routes are described with. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: true as const, content: { "application/json": { schema } } },
});

export const jsonAnswer = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { "application/json": { schema } },
});

const refused = apiError.meta({ id: "Error" });

const refusals = {
  400: "invalid: the input is not as described; the issues are in the message",
  401: "signed-out",
  403: "forbidden: a foreign Host or Origin",
  404: "not-found",
  409: "conflict",
  413: "too-large",
  422: "refused, or not-available",
  429: "too-many: wait for Retry-After seconds",
  503: "unavailable: the host or the server is not there now; try again",
} as const;

/** The refusals that a route can answer with beside those that every route has. */
export function refusedWith(...codes: (keyof typeof refusals)[]) {
  const every = [400, 401, 403, ...codes] as (keyof typeof refusals)[];
  return Object.fromEntries(every.map((code) => [code, jsonAnswer(refusals[code], refused)])) as Record<never, never>;
}

export const idParam = z.object({ id: z.string().min(1).max(128) });

const limit = z.coerce.number().int().min(1).max(200).default(50);
export const pageQuery = z.object({ limit, cursor: z.string().max(512).optional() });

/** A page as rooms take it: a cursor that was not given is no key. */
export function pageOf({ limit, cursor }: z.infer<typeof pageQuery>): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit } : { limit, cursor };
}

/** Without the keys that were not given: rooms tell "leave it" from "set it" by the key being there. */
export function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
