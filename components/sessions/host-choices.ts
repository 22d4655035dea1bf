import type { HostKind } from "@/server/domain/repository";
import type { HostView } from "@/server/protocol/api";

type Known = Pick<HostView, "kind" | "state" | "reason" | "trouble" | "missingRights">;

/** Why a repository cannot be put there now, in words; null where it can. */
export function whyNotHost(kind: HostKind, hosts: readonly Known[]): string | null {
  const host = hosts.find((one) => one.kind === kind);
  if (host === undefined)
    return kind === "local"
      ? "This server keeps no repositories on its own machine."
      : "This server was given no cluster: set KUBECONFIG and start it again.";
  if (host.state === "unreachable") return `Not reachable: ${host.reason ?? "no reason was given"}`;
  if (host.missingRights.length > 3) return `The server lacks ${host.missingRights.length} rights in the cluster.`;
  if (host.missingRights.length > 0)
    return `The server may not ${host.missingRights.map(({ right }) => right).join(", or ")}.`;
  if (host.trouble !== null) return host.trouble;
  return null;
}

/** The first wish that can be had, else the server's usual host, which stands first. */
export function firstHost(hosts: readonly Known[], wishes: readonly (string | null)[]): HostKind | null {
  const open = hosts.filter(({ kind }) => whyNotHost(kind, hosts) === null).map(({ kind }) => kind);
  for (const wish of wishes) {
    const found = open.find((kind) => kind === wish);
    if (found !== undefined) return found;
  }
  return open[0] ?? null;
}
