"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/notice";
import type { ForgeView } from "@/server/protocol/pulls";
import { forgeName } from "./forge-look";
import { forgesKey } from "./use-forges";

/** Forgets a forge and its token; what was seen stays, and grows old. */
export function RemoveForgeDialog({ forge, onClose }: { forge: ForgeView; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeForge(forge.id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: forgesKey });
      onClose();
    },
  });
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Keep it</Button>
      <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
        Remove {forgeName(forge)}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={`Remove ${forgeName(forge)}?`}
      description="Its token is forgotten here. Revoke it at the forge as well if nothing else uses it."
      footer={footer}
    >
      <p>
        Its pull requests are not looked at any more: what was seen of them stays, with the time of the last look.
        Webhooks that were registered stay at the forge and find nobody here.
      </p>
      {remove.error !== null && <ErrorState className="mt-3">{wordsOf(remove.error)}</ErrorState>}
    </Dialog>
  );
}
