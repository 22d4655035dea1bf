"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/list";
import { ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import type { RepositoryView } from "@/server/protocol/api";
import { DeleteRepository } from "./delete-repository";
import { PodFields } from "./pod-fields";
import { PullSettings } from "./pull-settings";
import { type Draft, draftOf, wishOf } from "./repository-draft";
import { TextField, type TextFieldView } from "./text-field";

/** What may be set of a repository by this server. New sessions take it; those that are there keep what they have. */
export function RepositorySettings({ repository }: { repository: RepositoryView }) {
  return (
    <div className="max-w-180">
      <SettingsForm repository={repository} />
      <PullSettings repository={repository} />
      <DeleteRepository repository={repository} />
    </div>
  );
}

function SettingsForm({ repository }: { repository: RepositoryView }) {
  const [draft, setDraft] = useState(() => draftOf(repository));
  const wish = wishOf(draft, repository);
  const isWrong = Object.keys(wish.wrong).length > 0 || Object.keys(wish.podWrong).length > 0;
  const save = useMutation({
    mutationFn: () => api.patchRepository(repository.id, wish.patch),
    onSuccess: (saved) => setDraft(draftOf(saved)),
  });
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong && !save.isPending) save.mutate();
  };
  return (
    <Section title="Settings" titleHidden>
      <Card>
        <form onSubmit={submit} className="grid gap-4 py-1">
          {fields.map(({ name, ...field }) => (
            <TextField
              key={name}
              {...field}
              value={draft[name]}
              wrong={wish.wrong[name] ?? null}
              onChange={(value) => change({ [name]: value })}
            />
          ))}
          {draft.pod !== null && (
            <PodFields
              draft={draft.pod}
              wrong={wish.podWrong}
              onChange={(part) => draft.pod !== null && change({ pod: { ...draft.pod, ...part } })}
            />
          )}
          {save.error !== null && <ErrorState>{wordsOf(save.error)}</ErrorState>}
          <div className="flex flex-wrap items-center gap-3">
            <Button look="primary" type="submit" disabled={save.isPending || isWrong}>
              Save
            </Button>
            <span role="status" className="min-w-0 flex-1 text-12 text-fg-3">
              {save.isSuccess ? savedWords(repository) : ""}
            </span>
          </div>
        </form>
      </Card>
    </Section>
  );
}

function savedWords({ host }: RepositoryView): string {
  if (host === "local") return "Saved. New sessions take it.";
  return "Saved. New sessions take it; what the pod cannot take while it runs is told above, and ends nothing.";
}

const fields: (TextFieldView & { name: Exclude<keyof Draft, "pod"> })[] = [
  { name: "name", label: "Name" },
  {
    name: "defaultBranch",
    label: "Default branch",
    hint: "New sessions start from its latest commit.",
    placeholder: "what the remote says",
    mono: true,
  },
  {
    name: "copyFiles",
    label: "Files to copy in",
    hint: "One path per line, from the clone into each new worktree: what git ignores, such as .env.",
    rows: 3,
    mono: true,
  },
  {
    name: "setupScript",
    label: "Setup script",
    hint: "Runs in each new worktree before its terminal opens; its output is shown.",
    placeholder: "npm ci",
    rows: 4,
    mono: true,
  },
  {
    name: "env",
    label: "Environment",
    hint: "One NAME=value per line, for every program of a session. Not a place for secrets.",
    rows: 3,
    mono: true,
  },
  {
    name: "keepEndedDays",
    label: "Days to keep the directory of an ended session",
    hint: "Ignored files can be fetched back until then.",
  },
];
