"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, FieldError, Input } from "@/components/ui/field";
import { Card } from "@/components/ui/list";
import { ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ChannelView } from "@/server/protocol/channels";

export const channelsKey = ["notification-channels"];
export const useChannels = () => useQuery({ queryKey: channelsKey, queryFn: () => api.channels() });

/** The browsers and webhooks that are told, with their trouble, and a form for another webhook. */
export function Channels() {
  const channels = useChannels();
  const items = channels.data?.items ?? [];
  return (
    <>
      {channels.error !== null && <ErrorState className="mt-2">{wordsOf(channels.error)}</ErrorState>}
      {items.length > 0 && (
        <ul aria-label="Where messages go" className="mt-2 grid gap-2">
          {items.map((channel) => (
            <Channel key={channel.id} channel={channel} />
          ))}
        </ul>
      )}
      <WebhookForm />
    </>
  );
}

function Channel({ channel: { id, kind, name, sentAt, trouble } }: { channel: ChannelView }) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: channelsKey });
  const test = useMutation({ mutationFn: () => api.testChannel(id), onSettled });
  const remove = useMutation({ mutationFn: () => api.removeChannel(id), onSettled });
  const error = test.error ?? remove.error;
  return (
    <li>
      <Card className="grid gap-1.5 py-2.5">
        <div className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere]">
            {name} <span className="text-12 text-fg-3">{kind === "push" ? "Push" : "Webhook"}</span>
          </span>
          <span className="text-12 text-fg-3">
            {sentAt === null ? (
              "Nothing was sent yet"
            ) : (
              <>
                Sent <RelativeTime at={sentAt} />
              </>
            )}
          </span>
          <Button size="sm" disabled={test.isPending} aria-label={`Test ${name}`} onClick={() => test.mutate()}>
            Test
          </Button>
          <Button
            size="sm"
            look="quiet"
            disabled={remove.isPending}
            aria-label={`Remove ${name}`}
            onClick={() => remove.mutate()}
          >
            Remove
          </Button>
        </div>
        {trouble !== null && <FieldError>{trouble.reason}</FieldError>}
        {error !== null && <FieldError>{wordsOf(error)}</FieldError>}
      </Card>
    </li>
  );
}

function WebhookForm() {
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [secret, setSecret] = useState("");
  const add = useMutation({
    mutationFn: () => api.addChannel({ kind: "webhook", url: url.trim(), ...(secret === "" ? {} : { secret }) }),
    onSuccess() {
      setUrl("");
      setSecret("");
      return client.invalidateQueries({ queryKey: channelsKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate();
  };
  const made = add.data?.secret ?? null;
  return (
    <form onSubmit={submit} noValidate className="mt-2">
      <Card className="grid gap-3 py-3.5">
        <Field
          label="Webhook"
          hint="Each message is sent there as JSON, signed with the secret. It must be https and outside the server's own network; an administrator may also name one inside it."
          error={add.error === null ? null : wordsOf(add.error)}
        >
          {(field) => (
            <Input
              {...field}
              type="url"
              placeholder="https://"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Field label="Secret" hint="16 characters or more. Left empty, one is made and shown once.">
          {(field) => (
            <Input {...field} type="password" value={secret} onChange={(event) => setSecret(event.target.value)} />
          )}
        </Field>
        <div>
          <Button type="submit" disabled={add.isPending || url.trim() === ""}>
            Add webhook
          </Button>
        </div>
        {made !== null && (
          <div role="status" className="flex flex-wrap items-center gap-2 text-12">
            Its secret, shown this once: <code className="[overflow-wrap:anywhere]">{made}</code>
            <CopyButton text={made} label="Copy the secret" />
          </div>
        )}
      </Card>
    </form>
  );
}
