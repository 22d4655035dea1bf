import { AppError } from "../domain/app-error";
import type { HostRef } from "../domain/host";
import type { HostKind } from "../domain/repository";
import type { HostLook } from "../gateway/deps";
import type { KubernetesHosts } from "../hosts/kubernetes/open-kubernetes-hosts";
import type { LocalHost } from "../hosts/local/local-host";
import type { Host } from "../sessions/host";
import type { PtyHost } from "../terminals/pty-host";
import { clusterLook, localLook } from "./host-looks";

export type Hosts = {
  /** `AppError("not-available")` where this server has no host of that kind. */
  host(ref: HostRef): Host;
  ptys(ref: HostRef): PtyHost;
  /** Where a repository lives when nobody says. */
  defaultHost: HostKind;
  onState(listener: (ref: HostRef) => void): () => void;
  /** Also of the cluster itself, as null. */
  onAnyState(listener: (ref: HostRef | null) => void): () => void;
  /** This machine, for looking at remotes; also where it is no host of repositories. */
  here: Pick<Host, "run">;
  looks: HostLook[];
};

export type HostParts = {
  local: LocalHost;
  /** Whether repositories may live on this machine. */
  isLocalOffered: boolean;
  /** Null where this server was given no cluster. */
  kubernetes: KubernetesHosts | null;
};

/** All hosts of this server behind one name each. */
export function createHosts({ local, isLocalOffered, kubernetes }: HostParts): Hosts {
  const cluster = (): KubernetesHosts => {
    if (kubernetes) return kubernetes;
    throw new AppError(
      "not-available",
      "This server has no cluster: start it with KUBECONFIG, or choose this machine.",
    );
  };
  const machine = (): LocalHost => {
    if (isLocalOffered) return local;
    throw new AppError("not-available", "The machine of this server is no host: choose the cluster.");
  };
  const onAnyState: Hosts["onAnyState"] = (listener) => {
    const stopLocal = local.host.onState(() => listener({ kind: "local" }));
    const stopKubernetes = kubernetes?.onState((repositoryId) =>
      listener(repositoryId === null ? null : { kind: "kubernetes", repositoryId }),
    );
    return () => {
      stopLocal();
      stopKubernetes?.();
    };
  };
  return {
    host: (ref) => (ref.kind === "local" ? machine().host : cluster().host(ref.repositoryId)),
    ptys: (ref) => (ref.kind === "local" ? machine().ptys : cluster().ptys(ref.repositoryId)),
    defaultHost: isLocalOffered ? "local" : "kubernetes",
    onState: (listener) => onAnyState((ref) => ref && listener(ref)),
    onAnyState,
    here: local.host,
    looks: [...(isLocalOffered ? [localLook(local)] : []), ...(kubernetes ? [clusterLook(kubernetes)] : [])],
  };
}
