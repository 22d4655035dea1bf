"use client";
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Count } from "./count";

export type TabView = { value: string; word: string; count?: number; content: ReactNode };
type TabsProps = { label: string; value: string; onChange: (value: string) => void; tabs: readonly TabView[] };

/** Tabs of a page: words over a line, with counts. */
export function Tabs({ label, value, onChange, tabs }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange}>
      <Radix.List aria-label={label} className="mb-3 flex gap-4 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex min-h-(--h-tabs) items-center gap-1.5 border-b-2 border-transparent px-0.5 whitespace-nowrap text-fg-2 -outline-offset-2 hover:text-fg data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-fg"
          >
            {tab.word}
            {tab.count !== undefined && <Count value={tab.count} />}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="outline-offset-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
