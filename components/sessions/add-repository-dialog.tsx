"use client";
import { useState } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/notice";
import { AddRepositoryForm } from "./add-repository-form";
import { CloneState } from "./clone-state";
import { useNewSession } from "./use-new-session";

/** Adds a repository and shows its clone being made; a session may be asked for before it is done. */
export function AddRepositoryDialog({ onClose }: { onClose: () => void }) {
  const { data } = useLive();
  const [addedId, setAddedId] = useState<string | null>(null);
  const make = useNewSession(onClose);
  const added = addedId === null ? undefined : data?.repositories[addedId];
  const footer = addedId !== null && (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Close</Button>
      <Button look="primary" disabled={make.isPending} onClick={() => make.mutate({ repositoryId: addedId })}>
        New Session
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={added === undefined ? "Add a repository" : `${added.name} was added`}
      description={
        added === undefined
          ? "Any URL or path that git can clone."
          : "A session may be asked for now; it waits for the clone."
      }
      {...(footer === false ? {} : { footer })}
    >
      {added === undefined ? (
        <AddRepositoryForm focus onAdded={({ id }) => setAddedId(id)} />
      ) : (
        <CloneState repository={added} />
      )}
      {make.error !== null && <ErrorState className="mt-3">{wordsOf(make.error)}</ErrorState>}
    </Dialog>
  );
}
