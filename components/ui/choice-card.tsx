"use client";
import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

type ChoiceCardsProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
  className?: string;
};

/** A choice whose options need a sentence each. */
export function ChoiceCards({ label, value, onChange, children, className }: ChoiceCardsProps) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={onChange}
      className={cn("grid gap-2 phone:grid-cols-2", className)}
    >
      {children}
    </RadioGroup.Root>
  );
}

type ChoiceCardProps = { value: string; word: string; children: ReactNode; disabled?: boolean };

export function ChoiceCard({ value, word, children, disabled = false }: ChoiceCardProps) {
  return (
    <RadioGroup.Item
      value={value}
      disabled={disabled}
      aria-label={word}
      className="group grid cursor-pointer grid-cols-[16px_minmax(0,1fr)] content-start gap-x-2.25 rounded-3 border border-line px-3 pt-2.25 pb-2.5 text-left hover:border-line-hover hover:bg-hover disabled:cursor-default disabled:hover:border-line disabled:hover:bg-transparent data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:shadow-[0_0_0_1px_var(--accent)] forced-colors:data-[state=checked]:border-2"
    >
      <span
        aria-hidden
        className="mt-0.5 size-3.75 rounded-full border-[1.5px] border-line-strong bg-panel group-data-[state=checked]:border-[5px] group-data-[state=checked]:border-accent group-data-[state=checked]:bg-on-accent"
      />
      <span className="font-medium group-disabled:text-fg-2">{word}</span>
      <span className="col-start-2 mt-px text-12 text-fg-2">{children}</span>
    </RadioGroup.Item>
  );
}
