"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { AddressInput, Field, Input } from "@/components/ui/field";
import { ErrorState } from "@/components/ui/notice";
import { safeLink } from "@/components/ui/safe-link";
import { Select } from "@/components/ui/select";
import type { ForgeView } from "@/server/protocol/pulls";
import { forgeName } from "./forge-look";
import { learnForge } from "./use-forges";

type Kind = ForgeView["kind"];

const kinds: readonly { value: Kind; word: string; url: string; token: string }[] = [
  {
    value: "github",
    word: "GitHub",
    url: "https://github.com",
    token:
      "A fine-grained token with read and write to pull requests, read to checks, statuses, actions and contents, and write to webhooks if they are to be registered from here.",
  },
  {
    value: "forgejo",
    word: "Forgejo or Gitea",
    url: "",
    token: "An access token with read and write to repository and issue, and read to user.",
  },
  { value: "gitlab", word: "GitLab", url: "https://gitlab.com", token: "A personal access token with the scope api." },
];

type ForgeDialogProps = {
  /** Null to add one; else its token is replaced. */
  forge: ForgeView | null;
  onClose: () => void;
};

/** Adds a forge, or replaces its token. The token is tried at once, kept encrypted, and never shown again. */
export function ForgeDialog({ forge, onClose }: ForgeDialogProps) {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>(forge?.kind ?? "github");
  const [url, setUrl] = useState(forge?.url ?? "https://github.com");
  const [token, setToken] = useState("");
  const form = useId();
  const save = useMutation({
    mutationFn: () =>
      forge === null
        ? api.addForge({ kind, url: url.trim(), token: token.trim() })
        : api.patchForge(forge.id, { token: token.trim() }),
    onSuccess: (saved) => {
      learnForge(client, saved);
      onClose();
    },
  });
  const chosen = kinds.find(({ value }) => value === kind);
  const isReady = safeLink(url.trim()) !== null && token.trim() !== "" && !save.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) save.mutate();
  };
  const choose = (value: string) => {
    const next = kinds.find((each) => each.value === value);
    if (next === undefined) return;
    setKind(next.value);
    if (url === "" || kinds.some((each) => each.url === url)) setUrl(next.url);
  };
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Not now</Button>
      <Button look="primary" type="submit" form={form} disabled={!isReady}>
        {save.isPending ? "Trying the token…" : forge === null ? "Add" : "Replace"}
      </Button>
    </>
  );
  return (
    <Dialog
      onClose={onClose}
      title={forge === null ? "Add a forge" : `Replace the token of ${forgeName(forge)}`}
      description="The token is tried at once, kept encrypted, and never shown again."
      footer={footer}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-3.5">
        {forge === null && <Where kind={kind} url={url} onKind={choose} onUrl={setUrl} />}
        <TokenField hint={chosen?.token} token={token} onToken={setToken} />
        {save.error !== null && <ErrorState>{wordsOf(save.error)}</ErrorState>}
      </form>
    </Dialog>
  );
}

type WhereProps = { kind: Kind; url: string; onKind: (kind: string) => void; onUrl: (url: string) => void };

function Where({ kind, url, onKind, onUrl }: WhereProps) {
  return (
    <>
      <Field label="Kind">
        {({ id }) => <Select id={id} label="Kind" value={kind} options={kinds} onChange={onKind} />}
      </Field>
      <Field label="Address" hint="As its pages have it, with the path where it lies below one.">
        {(names) => <AddressInput {...names} value={url} onChange={(event) => onUrl(event.target.value)} />}
      </Field>
    </>
  );
}

type TokenFieldProps = { hint: string | undefined; token: string; onToken: (token: string) => void };

function TokenField({ hint, token, onToken }: TokenFieldProps) {
  return (
    <Field label="Token" hint={hint}>
      {(names) => (
        <Input
          {...names}
          type="password"
          autoComplete="off"
          className="font-mono"
          maxLength={16_384}
          value={token}
          onChange={(event) => onToken(event.target.value)}
        />
      )}
    </Field>
  );
}
