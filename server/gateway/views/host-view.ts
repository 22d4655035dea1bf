import type { z } from "zod";
import type { HostStateView, hostView as hostSchema } from "../../protocol/api";
import type { HostLook } from "../deps";

export function hostStateView(host: HostLook): HostStateView {
  const state = host.state();
  return state.kind === "reachable"
    ? { kind: host.kind, state: "reachable", reason: null, since: null }
    : { kind: host.kind, state: "unreachable", reason: state.reason, since: state.since.toISOString() };
}

export function hostView(host: HostLook): z.infer<typeof hostSchema> {
  return { ...hostStateView(host), version: host.version(), missingRights: [] };
}
