import { AppError } from "../domain/app-error";
import type { Budget } from "../pulls/forge-client";
import { tokenRefusal } from "../pulls/token-refusal";

export type Refused = { name: string; status: number; headers: Headers; said: string; budget: Budget };

const saidChars = 500;

/** What a forge's answer that is no 2xx means, in words with what to do. */
export function refusalOf({ name, status, headers, said, budget }: Refused): AppError {
  const quote = said === "" ? "" : ` It said: ${said.slice(0, saidChars)}`;
  const limited =
    status === 429 ||
    (status === 403 && (budget.remaining === 0 || headers.has("retry-after") || /rate limit/i.test(said)));
  if (limited) return limitedUntil(name, budget.resetsAt);
  if (status === 401)
    return tokenRefusal(`${name} does not take the token any more. Give a new one in the settings.${quote}`);
  if (status === 403) return new AppError("refused", `The token may not do this at ${name}.${quote}`);
  if (status === 404)
    return new AppError("not-found", `${name} does not have it, or does not show it to this token.${quote}`);
  if (status === 409) return new AppError("conflict", `${name} refused, for something moved meanwhile.${quote}`);
  if (status >= 500) return new AppError("unavailable", `${name} has trouble of its own (${status}).${quote}`);
  return new AppError("refused", `${name} refused (${status}).${quote}`);
}

export function limitedUntil(name: string, until: Date | null): AppError {
  const when = until === null ? "later" : `at ${until.toISOString()}`;
  return new AppError("unavailable", `${name} takes no more requests for now; it is asked again ${when}.`);
}
