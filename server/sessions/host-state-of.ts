import { AppError } from "../domain/app-error";
import type { HostRef } from "../domain/host";
import type { HostState } from "./host";
import type { SessionDeps } from "./session-deps";

/** For rows of a host that this server was not given: it cannot be reached from here, and nothing is known of it. */
const never = new Date(0);

export function hostStateOf(deps: SessionDeps, ref: HostRef): HostState {
  try {
    return deps.host(ref).state();
  } catch (error) {
    if (!AppError.is(error)) throw error;
    return { kind: "unreachable", since: never, reason: error.message };
  }
}
