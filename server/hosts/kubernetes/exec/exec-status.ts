import { z } from "zod";

/** What the API server says of a request, and of a command that ended. */
const status = z.object({
  kind: z.literal("Status"),
  status: z.string().optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({
      kind: z.string().optional(),
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).nullish(),
    })
    .nullish(),
});
export type ApiStatus = z.infer<typeof status>;

/** The status channel's object says its kind only sometimes. */
const ending = status.extend({ kind: z.literal("Status").optional() });

/** Null where the text is not the API server's own: a proxy's page, or nothing. */
export function readStatus(text: string): ApiStatus | null {
  return status.safeParse(parsed(text)).data ?? null;
}

export type CommandEnd = { code: number | null; reason: string };

/** How the command ended; `code` is null where it never ran, or where nobody knows. */
export function readEnd(text: string): CommandEnd {
  const read = ending.safeParse(parsed(text)).data;
  if (!read) return { code: null, reason: `the API server told of the command's end in words unknown here: ${text}` };
  if (read.status === "Success") return { code: 0, reason: "the command ended with exit status 0" };
  const cause = read.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message ?? "";
  if (read.reason === "NonZeroExitCode" && /^[0-9]+$/.test(cause)) {
    return { code: Number(cause), reason: `the command ended with exit status ${cause}` };
  }
  return { code: null, reason: read.message ?? read.reason ?? "the API server gave no reason" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not a Status: the schema says so of this too.
    return undefined;
  }
}
