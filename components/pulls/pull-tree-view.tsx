"use client";
import { ChevronDown, ChevronRight, GitBranch, GitPullRequest } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { StateIcon } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { MiddleCut } from "@/components/ui/middle-cut";
import type { PullView } from "@/server/protocol/pulls";
import { PullBadgeList } from "./pull-badge-list";
import { pullLook, pullName, shortTitle } from "./pull-look";
import { branchTopic, type PullGroup, type PullNode, type TreeLine, treeLines } from "./pull-tree";
import { treeMove } from "./tree-keys";

type PullTreeViewProps = {
  groups: PullGroup[];
  chosenId: string | null;
  onChoose: (id: string) => void;
  sessionBranch: string;
  /** Whose it is, in words, where it is not the session's own. */
  otherWords: (pull: PullView) => string | null;
  nameOf: (url: string) => string | null;
};

/** The stack as a tree: base on top, children under their parents. Arrows move and fold, Enter shows the details. */
export function PullTreeView(props: PullTreeViewProps) {
  const { groups, chosenId, onChoose } = props;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const lines = treeLines(groups, folded);
  const has = (id: string | null) => lines.some(({ node }) => node.pull.id === id);
  const at = [wanted, chosenId].find(has) ?? lines[0]?.node.pull.id ?? null;
  const setFold = (id: string, isFolded: boolean) =>
    setFolded(new Set(isFolded ? [...folded, id] : [...folded].filter((each) => each !== id)));
  useEffect(() => {
    if (wanted === null || !tree.current?.contains(document.activeElement)) return;
    tree.current.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
  }, [wanted]);
  const onKey = (event: KeyboardEvent) => {
    if (at === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(lines, at, event.key);
    if (move === null) return;
    event.preventDefault();
    if (move.kind === "focus") setWanted(move.id);
    else if (move.kind === "choose") onChoose(move.id);
    else setFold(move.id, move.kind === "fold");
  };
  const lineOf = new Map(lines.map((line) => [line.node.pull.id, line]));
  const draw = (node: PullNode): ReactNode => {
    const line = lineOf.get(node.pull.id);
    if (line === undefined) return null;
    const { id } = node.pull;
    return (
      <>
        <NodeRow
          {...props}
          line={line}
          isAt={id === at}
          onFold={(isFolded) => setFold(id, isFolded)}
          onChoose={() => {
            setWanted(id);
            onChoose(id);
          }}
        />
        {line.isOpen === true && <Children nodes={node.children} draw={draw} />}
      </>
    );
  };
  return (
    <div ref={tree} role="tree" aria-label="Stack" onKeyDown={onKey} className="px-2 pt-2.5 pb-2">
      {groups.map(({ key, base, repository, roots }) => (
        <div key={key} className="[&+&]:mt-3">
          <Base branch={base} repository={groups.some((each) => each.repository !== repository) ? repository : null} />
          {roots.map((node) => (
            <div key={node.pull.id}>{draw(node)}</div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** `repository` only where there is more than one. */
function Base({ branch, repository }: { branch: string | null; repository: string | null }) {
  return (
    <div className="flex min-w-0 items-center gap-2 px-2 pb-1 text-12 text-fg-3">
      <GitBranch aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
      {branch === null ? <span>Base unknown</span> : <MiddleCut text={branch} className="min-w-0" />}
      {repository !== null && <span className="truncate">{repository}</span>}
    </div>
  );
}

function Children({ nodes, draw }: { nodes: PullNode[]; draw: (node: PullNode) => ReactNode }) {
  return (
    <div className="ml-3.75">
      {nodes.map((node) => (
        <div
          key={node.pull.id}
          className="relative before:absolute before:top-0 before:left-0 before:h-4.25 before:w-2 before:rounded-bl-[7px] before:border-b-[1.5px] before:border-l-[1.5px] before:border-line-hover not-last:after:absolute not-last:after:inset-y-0 not-last:after:left-0 not-last:after:border-l-[1.5px] not-last:after:border-line-hover"
        >
          {draw(node)}
        </div>
      ))}
    </div>
  );
}

type NodeRowProps = Omit<PullTreeViewProps, "groups" | "onChoose"> & {
  line: TreeLine;
  isAt: boolean;
  onChoose: () => void;
  onFold: (isFolded: boolean) => void;
};

function NodeRow({ line, isAt, chosenId, onChoose, onFold, sessionBranch, otherWords, nameOf }: NodeRowProps) {
  const { pull } = line.node;
  const isChosen = pull.id === chosenId;
  const other = otherWords(pull);
  const look = pullLook(pull);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys for all of its lines
    <div
      role="treeitem"
      tabIndex={isAt ? 0 : -1}
      aria-level={line.level}
      aria-posinset={line.position}
      aria-setsize={line.size}
      aria-selected={isChosen}
      {...(line.isOpen === null ? {} : { "aria-expanded": line.isOpen })}
      onClick={onChoose}
      className={cn(
        "relative cursor-pointer rounded-2 py-1.75 pr-2 pl-8.5 hover:bg-hover max-phone:py-2.25",
        isChosen && "bg-raised shadow-[0_0_0_1px_var(--border),var(--shadow-1)] hover:bg-raised forced-colors:border",
        line.isOpen === true &&
          "after:absolute after:top-7.25 after:bottom-0 after:left-3.75 after:border-l-[1.5px] after:border-line-hover",
      )}
    >
      {/* A colleague's state is no state of mine: its icon has no colour. */}
      <StateIcon
        tone={other === null ? look.tone : "neutral"}
        icon={other === null ? look.icon : GitPullRequest}
        label={look.word}
        className="absolute top-2 left-2"
      />
      <div className="font-medium [overflow-wrap:anywhere]" title={pull.title ?? undefined}>
        <bdi>{pull.title === null ? pullName(pull) : shortTitle(pull.title)}</bdi>
        {pull.title !== null && <span className="font-normal text-fg-3"> {pullName(pull)}</span>}
      </div>
      <div className="mt-px flex items-baseline gap-2 text-11 text-fg-3">
        {pull.headRef !== null && <MiddleCut text={branchTopic(pull.headRef, sessionBranch)} className="min-w-0" />}
        <span className="flex-1" />
        <span className="shrink-0">{other ?? placeWords(pull)}</span>
        {line.isOpen !== null && <Fold isOpen={line.isOpen} onFold={onFold} />}
      </div>
      <PullBadgeList pull={pull} nameOf={nameOf} className="mt-0.75" />
    </div>
  );
}

function placeWords({ stack, state }: PullView): string {
  if (state === "unknown") return "";
  if (state !== "open") return pullLook({ state, word: null }).word;
  return stack === null ? "" : `${stack.position} of ${stack.size}`;
}

/** For the pointer; keys have the arrows. */
function Fold({ isOpen, onFold }: { isOpen: boolean; onFold: (isFolded: boolean) => void }) {
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden
      title={isOpen ? "Fold" : "Unfold"}
      onClick={(event) => {
        event.stopPropagation();
        onFold(isOpen);
      }}
      className="touch -my-1 self-center rounded-1 p-0.5 hover:bg-active hover:text-fg"
    >
      <Icon className="size-3.5" strokeWidth={1.75} />
    </button>
  );
}
