"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/components/live/api";
import { ApiFailure, wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { ErrorState } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import type { SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { mergeWords, namesOf } from "./pull-facts";
import { pullName, shortTitle } from "./pull-look";

const methods = [
  { value: "default", word: "As the forge does by default" },
  { value: "merge", word: "Merge commit" },
  { value: "squash", word: "Squash into one commit" },
  { value: "rebase", word: "Rebase onto the base" },
] as const;
type Method = (typeof methods)[number]["value"];

type MergeDialogProps = { pull: PullView; session: SessionView; all: readonly PullView[]; onClose: () => void };

/** Merges exactly the head that was read here: one that moved since is shown, and asked about again. */
export function MergeDialog({ pull, session, all, onClose }: MergeDialogProps) {
  const [headSha, setHeadSha] = useState(pull.headSha);
  const [method, setMethod] = useState<Method>("default");
  const merge = useMutation({
    mutationFn: (sha: string) =>
      api.mergePull(session.id, pull.id, { headSha: sha, ...(method === "default" ? {} : { method }) }),
    onSuccess: onClose,
  });
  const look = useMutation({
    mutationFn: () => api.refreshPull(session.id, pull.id),
    onSuccess: () => merge.reset(),
  });
  const name = pullName(pull);
  const hasMoved = pull.headSha !== headSha;
  const still = mergeWords(pull, namesOf(all)(pull.stack?.parentUrl ?? ""));
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Not now</Button>
      <Button
        look="primary"
        disabled={merge.isPending || look.isPending || hasMoved || !still.may || headSha === null}
        onClick={() => headSha !== null && merge.mutate(headSha)}
      >
        {merge.isPending ? "Merging…" : `Merge ${name}`}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={`Merge ${name} into ${pull.baseRef ?? "its base"}?`}
      description="The forge merges it. That cannot be taken back from here."
      footer={footer}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3.5">
        <p>
          <bdi>{shortTitle(pull.title ?? "")}</bdi>, at <code>{headSha?.slice(0, 12)}</code>. {still.words}
        </p>
        <Children of={pull} all={all} />
        <Field label="How" hint="What the repository does not allow is refused by the forge.">
          {({ id }) => (
            <Select
              id={id}
              label="How"
              value={method}
              options={methods}
              onChange={(value) => setMethod(methods.find((each) => each.value === value)?.value ?? "default")}
            />
          )}
        </Field>
        {hasMoved && <Moved pull={pull} onTake={() => setHeadSha(pull.headSha)} />}
        {merge.error !== null && (
          <Refused error={merge.error} isLooking={look.isPending} onLook={() => look.mutate()} />
        )}
        {look.error !== null && <ErrorState>{wordsOf(look.error)}</ErrorState>}
      </div>
    </Dialog>
  );
}

function Children({ of: pull, all }: { of: PullView; all: readonly PullView[] }) {
  const children = all.filter(({ stack, state }) => stack?.parentUrl === pull.url && state === "open");
  if (children.length === 0) return null;
  return (
    <p className="text-fg-2">
      {children.map(pullName).join(", ")} {children.length === 1 ? "stands" : "stand"} on it and{" "}
      {children.length === 1 ? "is" : "are"} moved to <code>{pull.baseRef}</code> first.
    </p>
  );
}

type RefusedProps = { error: Error; isLooking: boolean; onLook: () => void };

function Refused({ error, isLooking, onLook }: RefusedProps) {
  return (
    <ErrorState
      action={
        isMoved(error) ? (
          <Button size="sm" disabled={isLooking} onClick={onLook}>
            Look again
          </Button>
        ) : undefined
      }
    >
      {wordsOf(error)}
      {isMoved(error) && " Nothing was merged. Look at it as it is now, then decide."}
    </ErrorState>
  );
}

const isMoved = (error: unknown) => error instanceof ApiFailure && error.code === "conflict";

function Moved({ pull, onTake }: { pull: PullView; onTake: () => void }) {
  return (
    <ErrorState
      action={
        <Button size="sm" onClick={onTake}>
          Go on with the new head
        </Button>
      }
    >
      Its head moved to <code>{pull.headSha?.slice(0, 12)}</code> while this was open. What you read above was another.
    </ErrorState>
  );
}
