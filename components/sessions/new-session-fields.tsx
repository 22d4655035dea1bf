"use client";
import { Field, Input } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { RepositoryView } from "@/server/protocol/api";
import { PullSource } from "./pull-source";

export type NewSessionDraft = {
  repositoryId: string | null;
  title: string;
  base: string;
  from: "branch" | "pull";
  /** Null while none is chosen. */
  pullUrl: string | null;
};

type NewSessionFieldsProps = {
  repositories: RepositoryView[];
  repository: RepositoryView | undefined;
  draft: NewSessionDraft;
  /** An ended session is restored: where it begins is said. */
  isRestored: boolean;
  onChange: (draft: NewSessionDraft) => void;
};

const sources = [
  { value: "branch", word: "New branch" },
  { value: "pull", word: "Pull request" },
] as const;

export function NewSessionFields({ repositories, repository, draft, isRestored, onChange }: NewSessionFieldsProps) {
  const isOfPull = !isRestored && draft.from === "pull";
  return (
    <>
      {repositories.length > 0 && (
        <Field label="Repository">
          {({ id }) => (
            <Select
              id={id}
              label="Repository"
              value={repository?.id ?? ""}
              onChange={(id) => onChange({ ...draft, repositoryId: id, pullUrl: null })}
              options={repositories.map((one) => ({ value: one.id, word: one.name }))}
            />
          )}
        </Field>
      )}
      {!isRestored && (
        <div className="grid justify-items-start gap-1.5">
          <span aria-hidden className="font-medium">
            From
          </span>
          <Segmented
            label="From"
            value={draft.from}
            options={sources}
            onChange={(from) => onChange({ ...draft, from })}
          />
        </div>
      )}
      {isOfPull && (
        <PullSource
          repositoryId={repository?.id}
          url={draft.pullUrl}
          onUrl={(pullUrl) => onChange({ ...draft, pullUrl })}
        />
      )}
      <Field label="Title" hint="What it is about. It can be changed at any time.">
        {(field) => (
          <Input
            {...field}
            autoFocus
            maxLength={200}
            value={draft.title}
            placeholder={isOfPull ? "The pull request's" : "New session"}
            onChange={(event) => onChange({ ...draft, title: event.target.value })}
          />
        )}
      </Field>
      {!isRestored && !isOfPull && (
        <Base
          base={draft.base}
          defaultBranch={repository?.defaultBranch ?? null}
          onBase={(base) => onChange({ ...draft, base })}
        />
      )}
    </>
  );
}

type BaseProps = { base: string; defaultBranch: string | null; onBase: (base: string) => void };

function Base({ base, defaultBranch, onBase }: BaseProps) {
  return (
    <Field label="Base" hint="A branch of the remote to start from.">
      {(field) => (
        <Input
          {...field}
          className="font-mono"
          maxLength={250}
          value={base}
          placeholder={defaultBranch ?? "the default branch"}
          onChange={(event) => onBase(event.target.value)}
        />
      )}
    </Field>
  );
}
