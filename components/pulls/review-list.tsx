import { Eye, type LucideIcon, MessageSquare, MessageSquareWarning, UserCheck } from "lucide-react";
import { StateIcon, type Tone } from "@/components/ui/badge";
import { plural } from "@/components/ui/format";
import type { PullView } from "@/server/protocol/pulls";
import { DetailHeading } from "./detail-heading";

type Reviewer = PullView["review"]["reviewers"][number];

const looks: Record<Reviewer["state"], { word: string; icon: LucideIcon; tone: Tone }> = {
  "changes-requested": { word: "asked for changes", icon: MessageSquareWarning, tone: "attention" },
  pending: { word: "was asked", icon: Eye, tone: "pending" },
  approved: { word: "approved", icon: UserCheck, tone: "passing" },
  commented: { word: "commented", icon: MessageSquare, tone: "neutral" },
};
const order: Reviewer["state"][] = ["changes-requested", "pending", "approved", "commented"];

/** Each reviewer's latest word, and the threads. */
export function ReviewList({ pull: { review } }: { pull: PullView }) {
  const sorted = review.reviewers.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const { unresolvedThreads } = review;
  const threads = unresolvedThreads === null ? "threads unknown" : `${plural(unresolvedThreads, "thread")} unresolved`;
  return (
    <section aria-label="Review">
      <DetailHeading aside={unresolvedThreads === 0 ? null : threads}>Review</DetailHeading>
      {review.state === "unknown" && <p className="text-fg-2">Unknown: the forge has not told of reviews.</p>}
      {review.state === "none" && sorted.length === 0 && <p className="text-fg-2">Nobody was asked, nobody spoke.</p>}
      {review.state === "pending" && !sorted.some(({ state }) => state === "pending") && (
        <p className="text-fg-2">The forge wants another approval.</p>
      )}
      <ul>
        {sorted.map(({ name, state, stale }) => {
          const { word, ...look } = looks[state];
          return (
            <li key={name} className="flex min-h-6.5 items-center gap-1.75 pointer-coarse:min-h-9">
              <StateIcon {...look} />
              <bdi className="min-w-0 flex-1 truncate text-fg">{name}</bdi>
              <span className="shrink-0 text-fg-3">
                {word}
                {stale && ", of an older head"}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
