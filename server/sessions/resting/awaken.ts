import { AppError } from "../../domain/app-error";
import type { HostRef } from "../../domain/host";
import type { HostState } from "../host";
import type { SessionDeps } from "../session-deps";

/** As long as a person waits for an answer; a pod that must be made anew takes longer, and they are told. */
const atMostMs = 15_000;

/**
 * For what a person asked of a host: one that rests is brought up, and waited for. One that is away, or whose way up a
 * person must mend, is not waited for: what is asked of it next says why it cannot be.
 */
export async function awaken(deps: SessionDeps, ref: HostRef): Promise<void> {
  const host = deps.host(ref);
  host.wake();
  if (isDecided(host.state())) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      stopListening();
      deps.signal.removeEventListener("abort", stop);
      finish();
    };
    const timer = setTimeout(() => settle(() => reject(beingWoken(host.state()))), atMostMs);
    const stopListening = host.onState((state) => {
      if (isDecided(state)) settle(resolve);
    });
    const stop = () => settle(() => reject(deps.signal.reason));
    deps.signal.addEventListener("abort", stop, { once: true });
    if (isDecided(host.state())) settle(resolve);
  });
}

function isDecided(state: HostState): boolean {
  if (state.kind === "starting") return state.trouble !== null;
  return state.kind !== "suspended";
}

function beingWoken(state: HostState): AppError {
  const detail = state.kind === "starting" ? ` (${state.detail})` : "";
  return new AppError("unavailable", `The pod is being woken${detail}. Try again in a few seconds.`, {
    details: { retryAfterSeconds: 5 },
  });
}
