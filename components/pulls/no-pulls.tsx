"use client";
import { ForgeState } from "./forges/forge-state";

/** None yet: what makes one appear, and whether there is a forge to look at. */
export function NoPulls({ cloneUrl, onOpen }: { cloneUrl: string | null; onOpen: () => void }) {
  return (
    <div className="grid gap-3 p-3.5 text-fg-2">
      <p>
        No pull request yet. Push a branch, or{" "}
        <button type="button" onClick={onOpen} className="font-medium text-accent-text hover:underline">
          open
        </button>{" "}
        one here.
      </p>
      {cloneUrl !== null && <ForgeState cloneUrl={cloneUrl} />}
    </div>
  );
}
