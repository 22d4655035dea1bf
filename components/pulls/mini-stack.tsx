import { Fragment } from "react";
import { StateIcon } from "@/components/ui/badge";
import { Tooltip } from "@/components/ui/tooltip";
import type { PullView } from "@/server/protocol/pulls";
import { pullLook, pullName } from "./pull-look";
import { pullTree, treeLines } from "./pull-tree";

/** As many icons as a list has room for. */
const shownMost = 4;
const nothingFolded = new Set<string>();

/** The pull requests of a session in miniature, one icon each, root first; those that are over only where none is open. */
export function MiniStack({ pulls }: { pulls: readonly PullView[] }) {
  const living = pulls.filter(({ state }) => state === "open" || state === "unknown");
  const ordered = treeLines(pullTree(living.length > 0 ? living : pulls), nothingFolded).map(({ node }) => node.pull);
  if (ordered.length === 0) return null;
  const words = ordered.map((pull) => `${pullName(pull)} ${pullLook(pull).word}`).join(", ");
  const more = ordered.length - shownMost;
  return (
    <Tooltip content={words}>
      <span role="img" aria-label={`Pull requests: ${words}`} className="inline-flex items-center gap-0.75">
        {ordered.slice(0, more === 1 ? shownMost + 1 : shownMost).map((pull, index) => (
          <Fragment key={pull.id}>
            {index > 0 && <span aria-hidden className="h-px w-1.75 bg-line-hover" />}
            <StateIcon {...iconOf(pull)} className="size-3.75" />
          </Fragment>
        ))}
        {more > 1 && <span className="text-11 text-fg-3">+{more}</span>}
      </span>
    </Tooltip>
  );
}

const iconOf = (pull: PullView) => {
  const { tone, icon } = pullLook(pull);
  return { tone, icon };
};
