import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import type { PullView } from "@/server/protocol/pulls";
import { pullBadges } from "./pull-badges";

type PullBadgeListProps = {
  pull: PullView;
  nameOf: (url: string) => string | null /** Keys of badges that stand beside it already. */;
  except?: readonly string[];
  className?: string;
};

/** The badges of one, without borders: they stand in a row of many. */
export function PullBadgeList({ pull, nameOf, except = [], className }: PullBadgeListProps) {
  const badges = pullBadges(pull, nameOf).filter(({ key }) => !except.includes(key));
  if (badges.length === 0) return null;
  return (
    <span className={cn("flex min-w-0 flex-wrap gap-x-2.5 gap-y-0.75", className)}>
      {badges.map(({ key, word, ...badge }) => (
        <Badge
          key={key}
          {...badge}
          className={cn(
            "h-auto border-0 bg-transparent p-0",
            badge.tone === "unknown" && "[&_circle]:[stroke-dasharray:3.6_3.4]",
          )}
        >
          {word}
        </Badge>
      ))}
    </span>
  );
}
