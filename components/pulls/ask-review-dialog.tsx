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

type AskReviewDialogProps = { pull: PullView; session: SessionView; onClose: () => void };

/** Asks people for a review, by the names that the forge knows them by. */
export function AskReviewDialog({ pull, session, onClose }: AskReviewDialogProps) {
  const [text, setText] = useState("");
  const form = useId();
  const reviewers = [...new Set(text.split(/[\s,]+/).map((name) => name.replace(/^@/, "")))].filter(Boolean);
  const ask = useMutation({
    mutationFn: () => api.requestReview(session.id, pull.id, { reviewers }),
    onSuccess: onClose,
  });
  const isReady = reviewers.length > 0 && !ask.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) ask.mutate();
  };
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Not now</Button>
      <Button look="primary" type="submit" form={form} disabled={!isReady}>
        {reviewers.length > 1 ? `Ask ${reviewers.length} people` : "Ask"}
      </Button>
    </>
  );
  return (
    <Dialog onClose={onClose} title={`Ask for a review of ${pullName(pull)}`} footer={footer}>
      <form id={form} onSubmit={submit} noValidate>
        <Field
          label="Who"
          hint="User names at the forge, parted by spaces. The forge tells them."
          error={ask.error === null ? null : wordsOf(ask.error)}
        >
          {(names) => (
            <Input {...names} maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
