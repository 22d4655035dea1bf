import { assertNever } from "../../../domain/assert-never";
import type { HostState } from "../../../sessions/host";
import type { LinkState } from "../../../terminals/pty-host";
import type { PodState } from "../pod-state/read-pod-state";
import type { BringUpState } from "./bring-up";
import type { News } from "./watched-objects";

export type RepoPodKnowledge = {
  news: News;
  pod: PodState;
  /** When the pod there is now was first seen ready; null where it is not. */
  readyAt: Date | null;
  link: LinkState;
  heardAt: Date | null;
  bringUp: BringUpState | null;
  /** Its repository is being deleted: it is taken down by our own hand. */
  isLeaving: boolean;
  /** When this server first looked, or saw it taken down: for what has no time of its own. */
  since: Date;
  now: Date;
};

/** The holder is there a moment after its pod is ready: that it cannot be reached at first is nobody's business. */
const holderStartsMs = 15_000;

/**
 * What a repo pod is to those who use it. A link that is alive proves the pod, whatever the cluster's API says or does
 * not say; and only the API can say why there is none.
 */
export function repoPodState(known: RepoPodKnowledge): HostState {
  const { news, pod, link, heardAt, bringUp, since } = known;
  if (link.kind === "here") return { kind: "reachable", seenAt: heardAt ?? new Date() };
  if (news.kind === "waiting") return { kind: "starting", since, detail: "Asking the cluster", trouble: null };
  if (news.kind === "old") return { kind: "unreachable", since: later(link.since, news.since), reason: news.reason };
  if (pod.kind === "unreachable") return pod;
  if (bringUp?.trouble) return { kind: "starting", detail: "The cluster does not make the pod", ...bringUp };
  switch (pod.kind) {
    case "starting":
      return pod;
    case "ready":
      return isBeginning(known)
        ? { kind: "starting", since: known.readyAt ?? since, detail: "Reaching the holder in the pod", trouble: null }
        : { kind: "unreachable", since: link.since, reason: link.reason };
    case "suspended":
    case "taken-down":
    case "absent":
      if (bringUp) return { kind: "starting", detail: "Asking the cluster for the pod", ...bringUp };
      if (pod.kind === "taken-down" && !known.isLeaving)
        return { kind: "suspended", since: pod.since ?? since, reason: takenDown };
      return { kind: "suspended", since: pod.kind === "absent" ? since : (pod.since ?? since) };
    default:
      return assertNever(pod);
  }
}

const takenDown = "The pod was taken down, not by Trellis: whatever ran in it was ended, and its files are kept";

const isBeginning = ({ readyAt, now }: RepoPodKnowledge) =>
  readyAt !== null && now.getTime() - readyAt.getTime() < holderStartsMs;

const later = (one: Date, other: Date) => (one > other ? one : other);

/** Whether a reader would see another thing: being heard again is none. */
export function isSameState(one: HostState, other: HostState): boolean {
  const seen = (state: HostState) => (state.kind === "reachable" ? state.kind : JSON.stringify(state));
  return seen(one) === seen(other);
}
