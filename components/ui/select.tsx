"use client";
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";

type SelectProps = {
  id?: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; word: string }[];
};

export function Select({ id, label, value, onChange, options }: SelectProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange}>
      <Radix.Trigger
        id={id}
        aria-label={label}
        className="flex h-(--h-lg) w-full items-center gap-2 rounded-2 border border-line-strong bg-panel px-2.5 text-left hover:border-fg-3"
      >
        <span className="min-w-0 flex-1 truncate">
          <Radix.Value />
        </span>
        <ChevronDown aria-hidden className="size-4 text-fg-3" strokeWidth={1.75} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-(--z-palette) max-h-80 w-(--radix-select-trigger-width) overflow-auto rounded-3 border border-line bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex min-h-8 cursor-pointer items-center gap-2 rounded-2 px-2 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11"
              >
                <span className="min-w-0 flex-1 truncate">
                  <Radix.ItemText>{option.word}</Radix.ItemText>
                </span>
                <Radix.ItemIndicator>
                  <Check aria-hidden className="size-4 text-accent-text" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
