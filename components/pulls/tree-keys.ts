import type { TreeLine } from "./pull-tree";

/** What a key does in the tree. */
export type TreeMove = { kind: "focus" | "fold" | "unfold" | "choose"; id: string };

const names: Record<string, string> = { j: "ArrowDown", k: "ArrowUp", " ": "Enter" };

/** Null leaves the key to the page. */
export function treeMove(lines: readonly TreeLine[], id: string, key: string): TreeMove | null {
  const at = lines.findIndex(({ node }) => node.pull.id === id);
  const line = lines[at];
  if (line === undefined) return null;
  const to = (target: TreeLine | undefined): TreeMove => ({ kind: "focus", id: target?.node.pull.id ?? id });
  switch (names[key] ?? key) {
    case "ArrowDown":
      return to(lines[at + 1]);
    case "ArrowUp":
      return to(lines[at - 1]);
    case "Home":
      return to(lines[0]);
    case "End":
      return to(lines.at(-1));
    case "ArrowRight":
      if (line.isOpen === null) return to(undefined);
      return line.isOpen ? to(lines[at + 1]) : { kind: "unfold", id };
    case "ArrowLeft":
      if (line.isOpen === true) return { kind: "fold", id };
      return to(lines.slice(0, at).findLast(({ level }) => level === line.level - 1));
    case "Enter":
      return { kind: "choose", id };
    default:
      return null;
  }
}
