"use client";
import { type FormEvent, useState } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { ErrorState } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import type { RepositoryView } from "@/server/protocol/api";
import { useNewSession } from "./use-new-session";

type NewSessionDialogProps = {
  repositoryId: string | null;
  /** An ended session whose rescue is put back. */
  restoreFrom: string | null;
  onClose: () => void;
};

type Draft = { repositoryId: string | null; title: string; base: string };

/** Asks only where: title and base have good answers of their own. */
export function NewSessionDialog({ repositoryId, restoreFrom, onClose }: NewSessionDialogProps) {
  const { data } = useLive();
  const make = useNewSession(onClose);
  const repositories = Object.values(data?.repositories ?? {}).sort((a, b) => a.name.localeCompare(b.name));
  const [draft, setDraft] = useState<Draft>({ repositoryId, title: "", base: "" });
  const repository = repositories.find(({ id }) => id === draft.repositoryId) ?? repositories[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (repository === undefined || make.isPending) return;
    make.mutate({
      repositoryId: repository.id,
      ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
      ...(draft.base.trim() === "" ? {} : { base: draft.base.trim() }),
      ...(restoreFrom === null ? {} : { restoreFrom }),
    });
  };
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Cancel</Button>
      <Button look="primary" type="submit" form="new-session" disabled={repository === undefined || make.isPending}>
        {restoreFrom === null ? "New Session" : "Restore"}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={restoreFrom === null ? "New Session" : "Restore into a new session"}
      description={
        restoreFrom === null
          ? "A branch, a worktree and a terminal of your own."
          : "Its commits and files are put back into a new worktree. What was rescued stays kept."
      }
      footer={footer}
    >
      <form id="new-session" onSubmit={submit} className="grid gap-4">
        {repositories.length === 0 && (
          <p className="text-fg-2">There is no repository yet. Add one on the overview first.</p>
        )}
        <Fields
          repositories={repositories}
          repository={repository}
          draft={draft}
          withBase={restoreFrom === null}
          onChange={setDraft}
        />
        {make.error !== null && <ErrorState>{wordsOf(make.error)}</ErrorState>}
      </form>
    </Dialog>
  );
}

type FieldsProps = {
  repositories: RepositoryView[];
  repository: RepositoryView | undefined;
  draft: Draft;
  withBase: boolean;
  onChange: (draft: Draft) => void;
};

function Fields({ repositories, repository, draft, withBase, onChange }: FieldsProps) {
  return (
    <>
      {repositories.length > 0 && (
        <Field label="Repository">
          {({ id }) => (
            <Select
              id={id}
              label="Repository"
              value={repository?.id ?? ""}
              onChange={(id) => onChange({ ...draft, repositoryId: id })}
              options={repositories.map((one) => ({ value: one.id, word: one.name }))}
            />
          )}
        </Field>
      )}
      <Field label="Title" hint="What it is about. It can be changed at any time.">
        {(field) => (
          <Input
            {...field}
            autoFocus
            maxLength={200}
            value={draft.title}
            placeholder="New session"
            onChange={(event) => onChange({ ...draft, title: event.target.value })}
          />
        )}
      </Field>
      {withBase && (
        <Field label="Base" hint="A branch of the remote to start from.">
          {(field) => (
            <Input
              {...field}
              className="font-mono"
              maxLength={250}
              value={draft.base}
              placeholder={repository?.defaultBranch ?? "the default branch"}
              onChange={(event) => onChange({ ...draft, base: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
