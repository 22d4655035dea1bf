"use client";
import { type FormEvent, useState } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/notice";
import { safeLink } from "@/components/ui/safe-link";
import { type NewSessionDraft, NewSessionFields } from "./new-session-fields";
import { useNewSession } from "./use-new-session";

type NewSessionDialogProps = {
  repositoryId: string | null;
  /** An ended session whose rescue is put back. */
  restoreFrom: string | null;
  /** A pull request that it goes on with. */
  pullUrl: string | null;
  onClose: () => void;
};

/** Asks only where, and from what: title and base have good answers of their own. */
export function NewSessionDialog({ repositoryId, restoreFrom, pullUrl, onClose }: NewSessionDialogProps) {
  const { data } = useLive();
  const make = useNewSession(onClose);
  const repositories = Object.values(data?.repositories ?? {}).sort((a, b) => a.name.localeCompare(b.name));
  const [draft, setDraft] = useState<NewSessionDraft>({
    ...{ repositoryId, pullUrl, title: "", base: "" },
    from: pullUrl === null ? "branch" : "pull",
  });
  const repository = repositories.find(({ id }) => id === draft.repositoryId) ?? repositories[0];
  const isRestored = restoreFrom !== null;
  const pull = !isRestored && draft.from === "pull" ? (draft.pullUrl ?? "").trim() : null;
  const isReady = repository !== undefined && !make.isPending && (pull === null || safeLink(pull) !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    make.mutate({
      repositoryId: repository.id,
      ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
      ...(pull !== null || draft.base.trim() === "" ? {} : { base: draft.base.trim() }),
      ...(restoreFrom === null ? {} : { restoreFrom }),
      ...(pull === null ? {} : { pullUrl: pull }),
    });
  };
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Cancel</Button>
      <Button look="primary" type="submit" form="new-session" disabled={!isReady}>
        {isRestored ? "Restore" : make.isPending && pull !== null ? "Asking the forge…" : "New Session"}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={isRestored ? "Restore into a new session" : "New Session"}
      description={descriptionOf(isRestored, pull !== null)}
      footer={footer}
    >
      <form id="new-session" onSubmit={submit} noValidate className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {repositories.length === 0 && (
          <p className="text-fg-2">There is no repository yet. Add one on the overview first.</p>
        )}
        <NewSessionFields
          {...{ repositories, repository, draft, isRestored }}
          onChange={(next) => {
            setDraft(next);
            make.reset();
          }}
        />
        {make.error !== null && <ErrorState>{wordsOf(make.error)}</ErrorState>}
      </form>
    </Dialog>
  );
}

function descriptionOf(isRestored: boolean, isOfPull: boolean): string {
  if (isRestored) return "Its commits and files are put back into a new worktree. What was rescued stays kept.";
  if (isOfPull) return "A worktree and a terminal of your own, on the branch of a pull request.";
  return "A branch, a worktree and a terminal of your own.";
}
