"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { List } from "@/components/ui/list";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { ForgeView } from "@/server/protocol/pulls";
import { ForgeDialog } from "./forge-dialog";
import { ForgeRow } from "./forge-row";
import { RemoveForgeDialog } from "./remove-forge-dialog";
import { useForges } from "./use-forges";

type Asking = { kind: "add" } | { kind: "token" | "remove"; forge: ForgeView } | null;

/** Where pull requests are followed: each forge with its account, what is wrong, and where its webhooks go. */
export function ForgeSettings() {
  const forges = useForges();
  const [asking, setAsking] = useState<Asking>(null);
  const items = forges.data?.items ?? [];
  const close = () => setAsking(null);
  const add = (
    <Button size="sm" onClick={() => setAsking({ kind: "add" })}>
      <Plus className="size-3.5!" strokeWidth={1.75} />
      Add forge
    </Button>
  );
  return (
    <Section title="Forges" id="forges" actions={items.length > 0 && add}>
      {forges.isPending && <SkeletonRows rows={1} label="Loading forges" />}
      {forges.error !== null && (
        <ErrorState className="mb-2" action={<Button onClick={() => void forges.refetch()}>Try again</Button>}>
          {wordsOf(forges.error)}
        </ErrorState>
      )}
      {forges.data !== undefined && items.length === 0 && (
        <EmptyState action={add}>
          None yet. Add GitHub, GitLab, Forgejo or Gitea with a token, and the pull requests of your sessions are
          followed.
        </EmptyState>
      )}
      {items.length > 0 && (
        <List>
          {items.map((forge) => (
            <ForgeRow
              key={forge.id}
              forge={forge}
              onToken={() => setAsking({ kind: "token", forge })}
              onRemove={() => setAsking({ kind: "remove", forge })}
            />
          ))}
        </List>
      )}
      {asking?.kind === "add" && <ForgeDialog forge={null} onClose={close} />}
      {asking?.kind === "token" && <ForgeDialog forge={asking.forge} onClose={close} />}
      {asking?.kind === "remove" && <RemoveForgeDialog forge={asking.forge} onClose={close} />}
    </Section>
  );
}
