import { cva, type VariantProps } from "class-variance-authority";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

/** What a colour stands for. State is never colour alone: an icon and a word go with it. */
export type Tone = "passing" | "failing" | "pending" | "merged" | "attention" | "draft" | "neutral" | "unknown";

const badge = cva(
  "inline-flex h-5 min-w-0 items-center gap-1 rounded-full border pr-1.75 pl-1.25 text-12 font-medium whitespace-nowrap [&_svg]:size-3.25 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        passing: "border-passing-line bg-passing-soft text-passing",
        failing: "border-failing-line bg-failing-soft text-failing",
        pending: "border-pending-line bg-pending-soft text-pending",
        merged: "border-merged-line bg-merged-soft text-merged",
        attention: "border-attention-line bg-attention-soft text-attention",
        draft: "border-draft-line bg-draft-soft text-draft",
        neutral: "border-line text-fg-2",
        unknown: "border-dashed border-line-strong text-unknown",
      },
    },
  },
);

export const toneText: Record<Tone, string> = {
  passing: "text-passing",
  failing: "text-failing",
  pending: "text-pending",
  merged: "text-merged",
  attention: "text-attention",
  draft: "text-draft",
  neutral: "text-fg-2",
  unknown: "text-unknown",
};

type BadgeProps = VariantProps<typeof badge> & {
  tone: Tone;
  icon: LucideIcon;
  turning?: boolean;
  tooltip?: ReactNode;
  children: ReactNode;
  className?: string;
};

/** A word with its icon. `turning` only for what is at work. */
export function Badge({ tone, icon: Icon, turning = false, tooltip, children, className }: BadgeProps) {
  const body = (
    <span className={cn(badge({ tone }), className)}>
      <Icon aria-hidden strokeWidth={2} className={turning ? "animate-turn" : undefined} />
      <span className="truncate">{children}</span>
    </span>
  );
  return tooltip === undefined || tooltip === null ? body : <Tooltip content={tooltip}>{body}</Tooltip>;
}

/** A state's icon without its word, for narrow places: it carries the word as its name. */
export function StateIcon(props: {
  tone: Tone;
  icon: LucideIcon;
  label?: string;
  turning?: boolean;
  className?: string;
}) {
  const { tone, icon: Icon, label, turning = false, className } = props;
  return (
    <Icon
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
      strokeWidth={1.75}
      className={cn(
        "size-4 shrink-0",
        toneText[tone],
        turning && "animate-turn",
        tone === "unknown" && "[&>circle]:[stroke-dasharray:3.6_3.4]",
        className,
      )}
    />
  );
}
