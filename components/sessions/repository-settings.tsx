"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Field, Input, TextArea } from "@/components/ui/field";
import { Card } from "@/components/ui/list";
import { ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import type { RepositoryView } from "@/server/protocol/api";
import { DeleteRepository } from "./delete-repository";
import { parseEnv, printEnv } from "./env-text";

/** What may be set of a repository by this server. New sessions take it; those that are there keep what they have. */
export function RepositorySettings({ repository }: { repository: RepositoryView }) {
  return (
    <div className="max-w-180">
      <SettingsForm repository={repository} />
      <DeleteRepository repository={repository} />
    </div>
  );
}

type Draft = {
  name: string;
  defaultBranch: string;
  copyFiles: string;
  setupScript: string;
  env: string;
  keepEndedDays: string;
};

function draftOf({ name, defaultBranch, settings }: RepositoryView): Draft {
  return {
    name,
    defaultBranch: defaultBranch ?? "",
    copyFiles: settings.copyFiles.join("\n"),
    setupScript: settings.setupScript,
    env: printEnv(settings.env),
    keepEndedDays: String(settings.keepEndedDays),
  };
}

function SettingsForm({ repository }: { repository: RepositoryView }) {
  const [draft, setDraft] = useState(() => draftOf(repository));
  const env = parseEnv(draft.env);
  const days = Number(draft.keepEndedDays);
  const daysWrong = !Number.isInteger(days) || days < 0 || days > 3650 || draft.keepEndedDays.trim() === "";
  const save = useMutation({
    mutationFn: () =>
      api.patchRepository(repository.id, {
        name: draft.name.trim(),
        ...(draft.defaultBranch.trim() === "" || draft.defaultBranch.trim() === repository.defaultBranch
          ? {}
          : { defaultBranch: draft.defaultBranch.trim() }),
        settings: {
          copyFiles: draft.copyFiles
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => line !== ""),
          setupScript: draft.setupScript,
          env: env.wrong === null ? env.env : {},
          keepEndedDays: days,
        },
      }),
    onSuccess: (saved) => setDraft(draftOf(saved)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (env.wrong === null && !daysWrong && !save.isPending) save.mutate();
  };
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    save.reset();
  };
  return (
    <Section title="Settings" titleHidden>
      <Card>
        <form onSubmit={submit} className="grid gap-4 py-1">
          <Field label="Name">
            {(field) => (
              <Input
                {...field}
                required
                maxLength={200}
                value={draft.name}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Default branch" hint="New sessions start from its latest commit.">
            {(field) => (
              <Input
                {...field}
                className="font-mono"
                maxLength={250}
                placeholder="what the remote says"
                value={draft.defaultBranch}
                onChange={(event) => change({ defaultBranch: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Files to copy in"
            hint="One path per line, from the clone into each new worktree: what git ignores, such as .env."
          >
            {(field) => (
              <TextArea
                {...field}
                className="font-mono"
                rows={3}
                value={draft.copyFiles}
                onChange={(event) => change({ copyFiles: event.target.value })}
              />
            )}
          </Field>
          <Field label="Setup script" hint="Runs in each new worktree before its terminal opens; its output is shown.">
            {(field) => (
              <TextArea
                {...field}
                className="font-mono"
                rows={4}
                placeholder="npm ci"
                value={draft.setupScript}
                onChange={(event) => change({ setupScript: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Environment"
            hint="One NAME=value per line, for every program of a session. Not a place for secrets."
            error={env.wrong}
          >
            {(field) => (
              <TextArea
                {...field}
                className="font-mono"
                rows={3}
                value={draft.env}
                onChange={(event) => change({ env: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Days to keep the directory of an ended session"
            hint="Ignored files can be fetched back until then."
            {...(daysWrong ? { error: "Give a whole number of days, 0 to 3650." } : {})}
          >
            {(field) => (
              <Input
                {...field}
                className="w-24"
                inputMode="numeric"
                value={draft.keepEndedDays}
                onChange={(event) => change({ keepEndedDays: event.target.value })}
              />
            )}
          </Field>
          {save.error !== null && <ErrorState>{wordsOf(save.error)}</ErrorState>}
          <div className="flex items-center gap-3">
            <Button look="primary" type="submit" disabled={save.isPending}>
              Save
            </Button>
            <span role="status" className="text-12 text-fg-3">
              {save.isSuccess ? "Saved. New sessions take it." : ""}
            </span>
          </div>
        </form>
      </Card>
    </Section>
  );
}
