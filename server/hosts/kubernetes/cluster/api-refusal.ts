import { z } from "zod";

const statusShape = z.object({
  kind: z.literal("Status"),
  message: z.string().default(""),
  reason: z.string().default(""),
  code: z.number().optional(),
  details: z
    .object({ name: z.string().optional(), group: z.string().optional(), kind: z.string().optional() })
    .nullish(),
});

/** What the API server answers in place of what was asked for. */
export type ApiStatus = z.infer<typeof statusShape>;

/** An answer that is not 2xx. `status` is null where the API server itself did not write it: a proxy, a page to sign in. */
export class ApiRefusal extends Error {
  constructor(
    readonly httpStatus: number,
    readonly status: ApiStatus | null,
  ) {
    super(status?.message || `HTTP ${httpStatus}`);
    this.name = "ApiRefusal";
  }

  static read(httpStatus: number, body: unknown): ApiRefusal {
    return new ApiRefusal(httpStatus, statusShape.safeParse(body).data ?? null);
  }

  /** The API server's own word that there is none of this name: the one answer that means gone. */
  static isAbsent(error: unknown, name: string): boolean {
    if (!(error instanceof ApiRefusal) || error.httpStatus !== 404) return false;
    return error.status?.reason === "NotFound" && error.status.details?.name === name;
  }
}
