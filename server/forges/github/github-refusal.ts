import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { Budget } from "../../pulls/forge-client";
import { tokenRefusal } from "../../pulls/token-refusal";
import { refusalOf } from "../refusal";

export type Answer = { status: number; data?: unknown; headers: Record<string, unknown> };

const bodyShape = z.object({
  message: z.string(),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string().optional(), code: z.string().optional() })]))
    .optional(),
});

/** What GitHub refused and why, as far as its headers name what is missing. */
export function githubRefusal({
  name,
  response: { status, headers: raw, data },
  budget,
}: {
  name: string;
  response: Answer;
  budget: Budget;
}): AppError {
  const headers = new Headers();
  for (const [key, value] of Object.entries(raw)) if (value !== undefined) headers.set(key, String(value));
  const said = saidIn(data);
  const [, signOn] = /url=(\S+)/.exec(headers.get("x-github-sso") ?? "") ?? [];
  if (status === 403 && signOn)
    return new AppError("refused", `The organization asks for single sign-on. Authorize the token for it: ${signOn}`);
  if (status === 403 && /suspended/i.test(said))
    return tokenRefusal(`${name} has suspended the account or the app's installation. It said: ${said}`);
  const limited = budget.remaining === 0 || headers.has("retry-after") || /rate limit/i.test(said);
  const missing = limited ? null : missingRight(headers);
  if (status === 403 && missing !== null)
    return new AppError("refused", `The token lacks ${missing} at ${name}. Give one that has it. It said: ${said}`);
  // A private repository is hidden from a token without the scope for it.
  const hint = status === 404 && missing !== null ? ` The token lacks ${missing}.` : "";
  return refusalOf({ name, status, headers, said: `${said}${hint}`, budget });
}

/** Of a classic token its scopes, of a fine-grained one or an app the permissions that would do. */
function missingRight(headers: Headers): string | null {
  const permissions = headers.get("x-accepted-github-permissions");
  if (permissions) return `the permission ${permissions.replaceAll("; ", " or ").replaceAll("=", ": ")}`;
  const accepted = listIn(headers.get("x-accepted-oauth-scopes"));
  const has = headers.get("x-oauth-scopes");
  if (has === null || accepted.length === 0 || accepted.some((scope) => listIn(has).includes(scope))) return null;
  return `the scope ${accepted.join(" or ")}`;
}

export const listIn = (header: string | null): string[] =>
  (header ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function saidIn(data: unknown): string {
  const read = bodyShape.safeParse(data);
  if (!read.success) return "";
  const more = (read.data.errors ?? []).map((error) =>
    typeof error === "string" ? error : (error.message ?? error.code ?? ""),
  );
  return [read.data.message, ...more].filter((part) => part !== "").join(": ");
}
