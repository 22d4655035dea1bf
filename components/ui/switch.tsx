"use client";
import { Switch as Radix } from "radix-ui";

type SwitchProps = { checked: boolean; onCheckedChange: (checked: boolean) => void; label: string; disabled?: boolean };

export function Switch({ checked, onCheckedChange, label, disabled = false }: SwitchProps) {
  return (
    <Radix.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onCheckedChange}
      className="touch h-4.5 w-7.5 shrink-0 rounded-full bg-line-strong transition-colors duration-(--t) data-[state=checked]:bg-accent forced-colors:border"
    >
      <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-[#fff] transition-transform duration-(--t) data-[state=checked]:translate-x-3.5 forced-colors:bg-[CanvasText]" />
    </Radix.Root>
  );
}
