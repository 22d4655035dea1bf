import type { PullView } from "@/server/protocol/pulls";

export type PullNode = { pull: PullView; children: PullNode[] };
/** Those that stand on one branch of one repository. `base` is null for what was never seen. */
export type PullGroup = { key: string; base: string | null; repository: string | null; roots: PullNode[] };
/** One line of the drawn tree, with what a screen reader is told of its place. */
export type TreeLine = { node: PullNode; level: number; position: number; size: number; isOpen: boolean | null };

/**
 * Stacks as trees, their bases on top. A parent that is not here leaves its child at the bottom; a cycle is cut at its
 * lowest number. What is open comes first, then by number.
 */
export function pullTree(pulls: readonly PullView[]): PullGroup[] {
  const byUrl = new Map(pulls.map((pull) => [pull.url, pull]));
  const parents = new Map<string, string>();
  for (const pull of [...pulls].sort((a, b) => numberOf(b) - numberOf(a))) {
    const parent = parentOf(pull, byUrl);
    if (parent !== null && !leadsTo(parents, parent, pull.url)) parents.set(pull.url, parent);
  }
  const nodeOf = (pull: PullView): PullNode => ({
    pull,
    children: pulls
      .filter(({ url }) => parents.get(url) === pull.url)
      .map(nodeOf)
      .sort(openFirst),
  });
  const groups = new Map<string, PullGroup>();
  for (const pull of pulls) {
    if (parents.has(pull.url)) continue;
    const { baseRef: base, repository } = pull;
    const key = JSON.stringify([repository, base]);
    const group = groups.get(key) ?? { key, base, repository, roots: [] };
    group.roots.push(nodeOf(pull));
    groups.set(key, group);
  }
  for (const { roots } of groups.values()) roots.sort(openFirst);
  return [...groups.values()].sort((a, b) => rank(a.roots[0]) - rank(b.roots[0]));
}

/** The lines that are in sight, from the top, where those in `folded` hide what stands on them. */
export function treeLines(groups: readonly PullGroup[], folded: ReadonlySet<string>): TreeLine[] {
  const below = (nodes: PullNode[], level: number): TreeLine[] =>
    nodes.flatMap((node, index) => {
      const isOpen = node.children.length === 0 ? null : !folded.has(node.pull.id);
      const line = { node, level, position: index + 1, size: nodes.length, isOpen };
      return [line, ...(isOpen === true ? below(node.children, level + 1) : [])];
    });
  return groups.flatMap(({ roots }) => below(roots, 1));
}

/** What the branch adds to the session's own: `-parser`; the last part of the session's own. */
export function branchTopic(branch: string, sessionBranch: string): string {
  if (branch === sessionBranch) return branch.slice(branch.lastIndexOf("/") + 1);
  return /^[-./]/.test(branch.slice(sessionBranch.length)) && branch.startsWith(sessionBranch)
    ? branch.slice(sessionBranch.length)
    : branch;
}

/** Moved to the base of what merged below it, it stands there and on nothing else. */
function parentOf({ stack, url }: PullView, byUrl: ReadonlyMap<string, PullView>): string | null {
  if (stack === null || stack.parentUrl === null || stack.state === "ready") return null;
  return stack.parentUrl !== url && byUrl.has(stack.parentUrl) ? stack.parentUrl : null;
}

function leadsTo(parents: ReadonlyMap<string, string>, from: string, to: string): boolean {
  for (let at: string | undefined = from; at !== undefined; at = parents.get(at)) if (at === to) return true;
  return false;
}

function openFirst(a: PullNode, b: PullNode): number {
  return rank(a) - rank(b) || numberOf(a.pull) - numberOf(b.pull);
}

/** Open, or open above it; never seen; over. */
function rank(node: PullNode | undefined): number {
  if (node === undefined || (node.pull.state !== "unknown" && !hasOpen(node))) return 2;
  return node.pull.state === "unknown" ? 1 : 0;
}

const hasOpen = ({ pull, children }: PullNode): boolean => pull.state === "open" || children.some(hasOpen);
const numberOf = ({ number }: PullView): number => number ?? Number.MAX_SAFE_INTEGER;
