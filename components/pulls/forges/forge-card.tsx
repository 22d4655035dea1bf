"use client";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Card } from "@/components/ui/list";
import { Section } from "@/components/ui/section";
import type { RepositoryView } from "@/server/protocol/api";
import { ForgeState } from "./forge-state";
import { forgeAt } from "./repository-forge";
import { useForges } from "./use-forges";

/** The forge of a repository: how it is, and its webhook. */
export function ForgeCard({ repository }: { repository: RepositoryView }) {
  const forges = useForges();
  const register = useMutation({ mutationFn: () => api.registerWebhook(repository.id) });
  const forge = forgeAt(repository.cloneUrl, forges.data?.items ?? []);
  return (
    <Section title="Forge">
      <Card className="grid gap-2.5 text-fg-2">
        <ForgeState cloneUrl={repository.cloneUrl} />
        {repository.pullTrouble !== null && <FieldError>{repository.pullTrouble.reason}</FieldError>}
        {forge !== null && (
          <>
            <p className="text-12 text-fg-3">
              {forge.webhookUrl === null
                ? "Without webhooks: the forge could not reach this server. It is asked at intervals."
                : "With a webhook the forge says when to look; without, it is asked at intervals."}
            </p>
            {forge.webhookUrl !== null && (
              <div className="flex flex-wrap items-center gap-2">
                <Button size="sm" disabled={register.isPending} onClick={() => register.mutate()}>
                  {register.isPending ? "Registering…" : "Register webhook"}
                </Button>
                <span role="status" className="text-12 text-fg-3">
                  {register.isSuccess ? "Registered." : ""}
                </span>
              </div>
            )}
          </>
        )}
        {register.error !== null && <FieldError>{wordsOf(register.error)}</FieldError>}
      </Card>
    </Section>
  );
}
