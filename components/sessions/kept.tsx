import { plural } from "@/components/ui/format";
import { Tooltip } from "@/components/ui/tooltip";
import type { SessionView } from "@/server/protocol/api";

/** What an ended session left, as short as a list needs it. */
export function Kept({ session }: { session: SessionView }) {
  const { rescueRefs, pushedBranches, setAsidePath } = session;
  const parts = [
    ...(rescueRefs.length > 0 ? [plural(rescueRefs.length, "rescue ref")] : []),
    ...(pushedBranches.length > 0 ? [`${plural(pushedBranches.length, "branch", "branches")} pushed`] : []),
    ...(setAsidePath === null ? [] : ["directory kept"]),
  ];
  const words = parts.length === 0 ? "Nothing kept" : parts.join(", ");
  return (
    <Tooltip content={words}>
      <span className="truncate text-12 text-fg-3 max-phone:max-w-36">{words}</span>
    </Tooltip>
  );
}
