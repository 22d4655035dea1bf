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

/** What would be saved, or which field is wrong and why. */
function wishOf(draft: Draft, { defaultBranch }: RepositoryView) {
  const env = parseEnv(draft.env);
  const days = /^\d{1,4}$/.test(draft.keepEndedDays.trim()) ? Number(draft.keepEndedDays) : null;
  const branch = draft.defaultBranch.trim();
  return {
    wrong: {
      env: env.wrong,
      keepEndedDays: days === null || days > 3650 ? "Give a whole number of days, 0 to 3650." : null,
    } as Partial<Record<keyof Draft, string | null>>,
    patch: {
      name: draft.name.trim(),
      ...(branch === "" || branch === defaultBranch ? {} : { defaultBranch: branch }),
      settings: {
        copyFiles: draft.copyFiles
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => line !== ""),
        setupScript: draft.setupScript,
        env: env.env,
        keepEndedDays: days ?? 0,
      },
    },
  };
}

function SettingsForm({ repository }: { repository: RepositoryView }) {
  const [draft, setDraft] = useState(() => draftOf(repository));
  const wish = wishOf(draft, repository);
  const isWrong = Object.values(wish.wrong).some((words) => words !== null);
  const save = useMutation({
    mutationFn: () => api.patchRepository(repository.id, wish.patch),
    onSuccess: (saved) => setDraft(draftOf(saved)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong && !save.isPending) save.mutate();
  };
  return (
    <Section title="Settings" titleHidden>
      <Card>
        <form onSubmit={submit} className="grid gap-4 py-1">
          {fields.map((field) => (
            <DraftField
              key={field.name}
              field={field}
              value={draft[field.name]}
              wrong={wish.wrong[field.name] ?? null}
              onChange={(value) => {
                setDraft({ ...draft, [field.name]: value });
                save.reset();
              }}
            />
          ))}
          {save.error !== null && <ErrorState>{wordsOf(save.error)}</ErrorState>}
          <div className="flex items-center gap-3">
            <Button look="primary" type="submit" disabled={save.isPending || isWrong}>
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

type FieldView = {
  name: keyof Draft;
  label: string;
  hint?: string;
  placeholder?: string;
  rows?: number;
  mono?: boolean;
};

const fields: FieldView[] = [
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

type DraftFieldProps = { field: FieldView; value: string; wrong: string | null; onChange: (value: string) => void };

function DraftField({
  field: { label, hint, placeholder, rows, mono = false },
  value,
  wrong,
  onChange,
}: DraftFieldProps) {
  const look = mono ? "font-mono" : "";
  return (
    <Field label={label} hint={hint} error={wrong}>
      {(names) =>
        rows === undefined ? (
          <Input
            {...names}
            className={look}
            maxLength={250}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <TextArea
            {...names}
            className={look}
            rows={rows}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
