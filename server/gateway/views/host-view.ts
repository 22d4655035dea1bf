import type { z } from "zod";
import { assertNever } from "../../domain/assert-never";
import type { HostKind } from "../../domain/repository";
import type { HostStateView, hostView as hostSchema, RepositoryHostView } from "../../protocol/api";
import type { HostFacts, HostState } from "../../sessions/host";
import type { HostLook } from "../deps";

export function hostStateView(kind: HostKind, state: HostState): HostStateView {
  const view = { kind, state: state.kind, reason: null, trouble: null };
  switch (state.kind) {
    case "reachable":
      return { ...view, since: null };
    case "starting":
      return { ...view, reason: state.detail, trouble: state.trouble, since: state.since.toISOString() };
    case "suspended":
      return { ...view, reason: state.reason ?? null, since: state.since.toISOString() };
    case "unreachable":
      return { ...view, reason: state.reason, since: state.since.toISOString() };
    default:
      return assertNever(state);
  }
}

export type RepositoryHost = { state: HostState; facts: HostFacts };

export function repositoryHostView(kind: HostKind, { state, facts }: RepositoryHost): RepositoryHostView {
  return { ...hostStateView(kind, state), podName: facts.podName, pending: facts.pending };
}

/** Looked at first: its state is the one that the look found. */
export async function hostView(host: HostLook): Promise<z.infer<typeof hostSchema>> {
  const { version, missingRights, facts } = await host.look();
  return { ...hostStateView(host.kind, host.state()), version, missingRights, facts };
}
