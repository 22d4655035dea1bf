"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import type { SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { pullName } from "./pull-look";

type RetargetDialogProps = { pull: PullView; session: SessionView; nextBase: string; onClose: () => void };

/** Gives it another base; suggested is that of the one it stood on. */
export function RetargetDialog({ pull, session, nextBase, onClose }: RetargetDialogProps) {
  const [base, setBase] = useState(nextBase);
  const form = useId();
  const move = useMutation({
    mutationFn: () => api.retargetPull(session.id, pull.id, { base: base.trim() }),
    onSuccess: onClose,
  });
  const isReady = base.trim() !== "" && base.trim() !== pull.baseRef && !move.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) move.mutate();
  };
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Not now</Button>
      <Button look="primary" type="submit" form={form} disabled={!isReady}>
        Retarget
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={`Retarget ${pullName(pull)}`}
      description={`Its base is ${pull.baseRef ?? "unknown"}. Its commits stay; where they overlap with the new base, Update or a rebase follows.`}
      footer={footer}
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label="New base" error={move.error === null ? null : wordsOf(move.error)}>
          {(names) => (
            <Input
              {...names}
              className="font-mono"
              maxLength={250}
              value={base}
              onChange={(event) => setBase(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
