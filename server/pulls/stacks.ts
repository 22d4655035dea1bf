import type { Pull, PullFacts } from "../domain/pull";

export type StackState = "root" | "blocked" | "ready" | "orphaned" | "needs-retarget" | "cycle";
export type StackPlace = {
  /** From the bottom, 1 first, along the path to the deepest leaf above. */
  position: number;
  size: number;
  state: StackState;
  parentUrl: string | null;
  /** The parent is open: this one waits for it. */
  isWaiting: boolean;
};

type Seen = Pull & { facts: PullFacts };
type Graph = {
  byId: ReadonlyMap<string, Seen>;
  parents: ReadonlyMap<string, Seen>;
  children: ReadonlyMap<string, Seen[]>;
};

/**
 * Where each pull request stands in a stack, by its id; one with neither parent nor child is left out. Pure, over all
 * that is known of any number of repositories and sessions: a branch is named by its repository too.
 */
export function stacksOf(
  pulls: readonly Pull[],
  defaultBranch: (repository: string) => string | null,
): Map<string, StackPlace> {
  const seen = pulls.filter((pull): pull is Seen => pull.facts !== null);
  const graph = graphOf(seen, defaultBranch);
  const places = new Map<string, StackPlace>();
  for (const pull of seen) {
    if (pull.facts.state !== "open") continue;
    const bottom = defaultBranch(pull.facts.repository);
    const derived = placeOf(pull, graph, bottom);
    const native = pull.facts.nativeStack === null ? null : nativePlace(pull, graph, bottom);
    const place = derived && native ? overlaid(derived, native) : (native ?? derived);
    if (place !== null) places.set(pull.id, place);
  }
  return places;
}

/** Each has at most one parent: the open one with that head, the first opened where there are several. */
function graphOf(pulls: readonly Seen[], defaultBranch: (repository: string) => string | null): Graph {
  const heads = new Map<string, Seen[]>();
  for (const pull of pulls) {
    const { repository, branch } = pull.facts.head;
    // What brings the default branch elsewhere (a release) is no parent of all that is opened against it.
    if (repository === null || branch === defaultBranch(repository)) continue;
    const key = branchKey(repository, branch);
    heads.set(key, [...(heads.get(key) ?? []), pull]);
  }
  const parents = new Map<string, Seen>();
  const children = new Map<string, Seen[]>();
  for (const pull of pulls) {
    const parent = parentAmong(pull, heads.get(branchKey(pull.facts.repository, pull.facts.base.branch)) ?? []);
    if (parent === null) continue;
    parents.set(pull.id, parent);
    if (pull.facts.state === "open" && parent.facts.state === "open")
      children.set(parent.id, [...(children.get(parent.id) ?? []), pull]);
  }
  return { byId: new Map(pulls.map((pull) => [pull.id, pull])), parents, children };
}

function parentAmong(child: Seen, heads: Seen[]): Seen | null {
  const others = heads.filter(({ id, facts }) => id !== child.id && couldBeParent(child.facts, facts));
  const byAge = others.toSorted((a, b) => a.facts.createdAt.getTime() - b.facts.createdAt.getTime());
  return byAge.find(({ facts }) => facts.state === "open") ?? byAge.at(-1) ?? null;
}

/** A branch name that was used again after its pull request was over is another branch. */
function couldBeParent(child: PullFacts, parent: PullFacts): boolean {
  if (parent.state === "open") return true;
  return child.createdAt <= (parent.mergedAt ?? parent.updatedAt);
}

function placeOf(pull: Seen, graph: Graph, defaultBranch: string | null): StackPlace | null {
  const below = openPath(pull, graph);
  if (below === "cycle") return cyclePlace(pull, graph);
  const position = below.length + 1;
  const size = position + depthAbove(pull, graph, new Set([pull.id]));
  const parent = graph.parents.get(pull.id) ?? null;
  const at = { position, size, parentUrl: parent?.url ?? null };
  if (parent?.facts.state === "open") return { ...at, state: "blocked", isWaiting: true };
  if (parent?.facts.state === "merged") return { ...at, state: "needs-retarget", isWaiting: false };
  if (parent?.facts.state === "closed") return { ...at, state: "orphaned", isWaiting: false };
  const former = formerParent(pull, graph);
  if (former !== null && pull.facts.base.branch === defaultBranch)
    return { ...at, parentUrl: former.url, state: "ready", isWaiting: false };
  return size > 1 ? { ...at, state: "root", isWaiting: false } : null;
}

/** It was seen on the branch of one that merged meanwhile. */
function formerParent(pull: Seen, { byId }: Graph): Seen | null {
  const former = new Set(pull.formerBases);
  for (const other of byId.values()) {
    const { head, state } = other.facts;
    if (state === "merged" && head.repository === pull.facts.repository && former.has(head.branch)) return other;
  }
  return null;
}

/** The open ones below, the nearest first. */
function openPath(pull: Seen, { parents }: Graph): Seen[] | "cycle" {
  const path: Seen[] = [];
  const met = new Set([pull.id]);
  for (let at = parents.get(pull.id); at?.facts.state === "open"; at = parents.get(at.id)) {
    // Back at the start: it is part of the cycle. Elsewhere: it stands on one.
    if (at.id === pull.id) return "cycle";
    if (met.has(at.id)) break;
    met.add(at.id);
    path.push(at);
  }
  return path;
}

function depthAbove(pull: Seen, graph: Graph, met: Set<string>): number {
  let deepest = 0;
  for (const child of graph.children.get(pull.id) ?? []) {
    if (met.has(child.id)) continue;
    deepest = Math.max(deepest, 1 + depthAbove(child, graph, new Set([...met, child.id])));
  }
  return deepest;
}

/** Nothing of it is the bottom: they are counted by number. */
function cyclePlace(pull: Seen, { parents }: Graph): StackPlace {
  const members = [pull];
  for (let at = parents.get(pull.id); at && at.id !== pull.id; at = parents.get(at.id)) members.push(at);
  const ordered = members.toSorted((a, b) => a.facts.number - b.facts.number);
  const position = ordered.findIndex(({ id }) => id === pull.id) + 1;
  const parentUrl = parents.get(pull.id)?.url ?? null;
  return { position, size: members.length, state: "cycle", parentUrl, isWaiting: false };
}

/** What the forge itself keeps as a stack is counted as it counts. */
function overlaid(derived: StackPlace, native: StackPlace): StackPlace {
  const isOnItsOwn = derived.state === "cycle" || derived.state === "root";
  return {
    ...native,
    state: isOnItsOwn ? native.state : derived.state,
    isWaiting: native.isWaiting || derived.isWaiting,
  };
}

function nativePlace(pull: Seen, { byId }: Graph, defaultBranch: string | null): StackPlace {
  const { id, position, size } = pull.facts.nativeStack ?? { id: "", position: 1, size: 1 };
  const below = [...byId.values()]
    .filter(({ facts }) => facts.nativeStack?.id === id && facts.nativeStack.position < position)
    .toSorted((a, b) => (b.facts.nativeStack?.position ?? 0) - (a.facts.nativeStack?.position ?? 0));
  const parent = below.find(({ facts }) => facts.state === "open") ?? below[0];
  // What merged stays in the forge's stack. One below that nobody saw may be open still, unless this is on the bottom.
  const isWaiting =
    parent?.facts.state === "open" || (below.length < position - 1 && pull.facts.base.branch !== defaultBranch);
  const state = isWaiting ? "blocked" : below.length > 0 ? "ready" : "root";
  return { position, size, state, parentUrl: parent?.url ?? null, isWaiting };
}

const branchKey = (repository: string, branch: string): string => JSON.stringify([repository, branch]);
