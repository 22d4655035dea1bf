"use client";
import type { LucideIcon } from "lucide-react";
import { RadioGroup } from "radix-ui";

type Option<T extends string> = { value: T; word: string; icon?: LucideIcon };
type SegmentedProps<T extends string> = {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
};

/** A choice of few, all in sight. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      orientation="horizontal"
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className="inline-flex rounded-2 border border-line bg-inset p-0.5"
    >
      {options.map(({ value: own, word, icon: Icon }) => (
        <RadioGroup.Item
          key={own}
          value={own}
          className="flex h-6 items-center gap-1.5 rounded-1 px-2.5 text-fg-2 hover:text-fg data-[state=checked]:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-fg data-[state=checked]:shadow-[var(--shadow-1),0_0_0_1px_var(--border)] pointer-coarse:h-9 forced-colors:data-[state=checked]:border"
        >
          {Icon !== undefined && <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />}
          {word}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
