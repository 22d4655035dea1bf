import { AppError } from "../../../domain/app-error";
import { readStatus } from "./exec-status";

export type Refused = { status: number; body: string };

/** Why the API server opened no exec, and what to do about it. */
export function refusal({ status, body }: Refused, { namespace, pod }: { namespace: string; pod: string }): AppError {
  const told = readStatus(body);
  const said = told?.message ?? body.trim().slice(0, 500);
  switch (status) {
    case 0:
      return new AppError("unavailable", `what answers for the API server speaks no exec protocol known here: ${said}`);
    case 401:
      return new AppError(
        "forbidden",
        "the cluster does not accept the credentials (401), which may have expired: renew them; they are read again at each attempt",
      );
    case 403:
      return new AppError("forbidden", `${missingRight(said, namespace)} The API server says: ${said}`);
    case 404:
      // A proxy's 404 says nothing of the pod.
      if (told?.reason !== "NotFound") break;
      return new AppError("not-found", `the pod ${pod} is not there: ${said}`);
    case 429:
      return new AppError("unavailable", "the API server has too much to do (429); it is asked again");
    default:
      break;
  }
  return new AppError(
    "unavailable",
    `the API server opened no exec to ${pod} (${status}): ${said || "no reason given"}`,
  );
}

function missingRight(said: string, namespace: string): string {
  const verb = /cannot (\w+) resource "pods\/exec"/.exec(said)?.[1];
  const missing = verb ? `the verb "${verb}" on "pods/exec" is missing` : "a right is missing";
  return `${missing}: grant both "get" and "create" on "pods/exec" in the namespace ${namespace}.`;
}
