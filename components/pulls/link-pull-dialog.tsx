"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { AddressInput, Field } from "@/components/ui/field";
import { safeLink } from "@/components/ui/safe-link";
import type { PullView } from "@/server/protocol/pulls";

type LinkPullDialogProps = { sessionId: string; onClose: () => void; onLinked: (pull: PullView) => void };

/** Follows one by its address, whatever its branch is called. */
export function LinkPullDialog({ sessionId, onClose, onLinked }: LinkPullDialogProps) {
  const [url, setUrl] = useState("");
  const form = useId();
  const link = useMutation({
    mutationFn: () => api.createPull(sessionId, { url: url.trim() }),
    onSuccess: (pull) => {
      onLinked(pull);
      onClose();
    },
  });
  const isReady = safeLink(url.trim()) !== null && !link.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) link.mutate();
  };
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Not now</Button>
      <Button look="primary" type="submit" form={form} disabled={!isReady}>
        {link.isPending ? "Looking…" : "Link"}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title="Link a pull request"
      description="It is followed for this session, and its state counts for the session's. One that another session has is taken from it."
      footer={footer}
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field
          label="Address"
          hint="As the browser shows it at the forge."
          error={link.error === null ? null : wordsOf(link.error)}
        >
          {(names) => <AddressInput {...names} value={url} onChange={(event) => setUrl(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
