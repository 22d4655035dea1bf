"use client";
import { useMutation } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { learnRepository } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { FieldError, Input } from "@/components/ui/field";
import type { HostKind } from "@/server/domain/repository";
import type { RepositoryView } from "@/server/protocol/api";
import { HostCards, useHostChoice } from "./host-choice";

const hints: Record<HostKind, string> = {
  local:
    "Cloned here, as you: with your SSH agent and credential helpers. A token inside the URL is split off and encrypted.",
  kubernetes:
    "Cloned in its pod, which has none of this machine's keys or directories. A token inside the URL is split off and encrypted, and never stands in the pod.",
};

/** A URL and a host: the remote is asked before anything is kept, and its own words stand at the field. */
export function AddRepositoryForm({
  onAdded,
  focus = false,
}: {
  onAdded: (repository: RepositoryView) => void;
  focus?: boolean;
}) {
  const [url, setUrl] = useState("");
  const [chosen, setChosen] = useState<HostKind | null>(null);
  const choice = useHostChoice(chosen, setChosen);
  const { host } = choice;
  const add = useMutation({
    mutationFn: (cloneUrl: string) => api.addRepository({ cloneUrl, ...(host === null ? {} : { host }) }),
    onSuccess: (repository) => {
      learnRepository(repository);
      setUrl("");
      onAdded(repository);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== "" && !add.isPending) add.mutate(url.trim());
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor="clone-url" className="font-medium">
        Clone URL or path
      </label>
      <div className="mt-1.75 flex gap-2">
        <Input
          id="clone-url"
          className="font-mono"
          autoFocus={focus}
          value={url}
          maxLength={4096}
          placeholder="git@example.org:team/project.git"
          aria-describedby="clone-url-words"
          aria-invalid={add.error !== null}
          onChange={(event) => {
            setUrl(event.target.value);
            if (add.error !== null) add.reset();
          }}
        />
        <Button look="primary" size="lg" type="submit" disabled={add.isPending}>
          {add.isPending ? "Asking…" : "Add"}
        </Button>
      </div>
      <div id="clone-url-words" className="mt-2 text-12 text-fg-3">
        <UrlWords error={add.error} asking={add.isPending} hint={hints[host ?? "local"]} />
      </div>
      <HostCards
        choice={{
          ...choice,
          choose: (wish) => {
            choice.choose(wish);
            add.reset();
          },
        }}
      />
    </form>
  );
}

function UrlWords({ error, asking, hint }: { error: Error | null; asking: boolean; hint: string }) {
  if (error !== null) return <FieldError>{wordsOf(error)}</FieldError>;
  if (!asking) return hint;
  return (
    <span role="status" className="flex items-center gap-1.75 text-fg-2">
      <LoaderCircle aria-hidden className="size-3.5 animate-turn text-pending" />
      Asking the remote whether it can be cloned
    </span>
  );
}
