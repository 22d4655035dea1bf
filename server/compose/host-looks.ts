import { AppError } from "../domain/app-error";
import type { HostDetails, HostLook } from "../gateway/deps";
import type { KubernetesHosts } from "../hosts/kubernetes/open-kubernetes-hosts";
import type { LocalHost } from "../hosts/local/local-host";
import type { HostState } from "../sessions/host";

const lookMs = 5_000;

/** This machine as the page about hosts shows it. */
export function localLook(local: LocalHost): HostLook {
  return { kind: "local", state: () => local.host.state(), look: () => lookAtMachine(local) };
}

/** The cluster: what a look found stands in its state until the next one, or until its watch, which sees less, hears it again. */
export function clusterLook(kubernetes: KubernetesHosts): HostLook {
  let away: { since: Date; reason: string } | null = null;
  let toMend: { since: Date; reason: string } | null = null;
  kubernetes.onState((repositoryId) => {
    if (repositoryId === null && kubernetes.state().kind === "reachable") away = null;
  });
  return {
    kind: "kubernetes",
    state() {
      if (away) return { kind: "unreachable", ...away };
      const state = kubernetes.state();
      // Unreachable from before a look that was answered: not away, but not let.
      const isAnswered = toMend !== null && (state.kind === "reachable" || isBefore(state, toMend.since));
      if (!toMend || !isAnswered) return state;
      return { kind: "starting", since: toMend.since, detail: "Pods cannot be made yet", trouble: toMend.reason };
    },
    async look() {
      const { reachable, reason, version, server, missingRights, facts } = await kubernetes.look();
      const found = reason === null ? null : { since: new Date(), reason };
      away = reachable ? null : (found ?? away);
      toMend = reachable ? found : null;
      const address = server === null ? [] : [{ name: "Address", value: server }];
      return { version, missingRights, facts: [...address, ...facts] };
    },
  };
}

const isBefore = (state: HostState, time: Date) => state.kind === "unreachable" && state.since < time;

async function lookAtMachine({ host, version }: LocalHost): Promise<HostDetails> {
  const { repositories, worktrees } = host.paths();
  const facts = [
    { name: "Clones", value: repositories },
    { name: "Worktrees", value: worktrees },
    { name: "git", value: await gitVersion(host) },
  ];
  return { version: version(), missingRights: [], facts };
}

/** In git's own words, or why it could not be asked: sessions need it. */
async function gitVersion(host: LocalHost["host"]): Promise<string> {
  try {
    const { code, stdout, stderr } = await host.run(["git", "--version"], { timeoutMs: lookMs });
    return Buffer.from(code === 0 ? stdout : stderr)
      .toString()
      .trim();
  } catch (error) {
    if (AppError.is(error)) return `unknown: ${error.message}`;
    throw error;
  }
}
