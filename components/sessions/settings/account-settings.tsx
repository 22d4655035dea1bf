"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { UserView } from "@/server/protocol/api";
import { useMe } from "../account-menu";
import { SettingRow, SettingRows } from "./setting-row";

export function AccountSettings() {
  const me = useMe();
  return (
    <Section title="Account" id="account">
      {me.isPending && <SkeletonRows rows={2} label="Loading the account" />}
      {me.error !== null && (
        <ErrorState action={<Button onClick={() => void me.refetch()}>Try again</Button>}>
          {wordsOf(me.error)}
        </ErrorState>
      )}
      {me.data !== undefined && <AccountForm me={me.data} />}
    </Section>
  );
}

function AccountForm({ me }: { me: UserView }) {
  const client = useQueryClient();
  const [name, setName] = useState(me.name);
  const [email, setEmail] = useState(me.email);
  const save = useMutation({
    // Only what was changed: an address that the system gave may be one that a form would refuse.
    mutationFn: () =>
      api.patchMe({
        ...(name.trim() === me.name ? {} : { name: name.trim() }),
        ...(email.trim() === me.email ? {} : { email: email.trim() }),
      }),
    onSuccess: (saved) => client.setQueryData(["me"], saved),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <SettingRows>
        <SettingRow name="User name" says="Part of every branch: session/<user name>/…">
          <span className="font-mono">{me.username}</span>
        </SettingRow>
        <SettingRow name="Name" says="As your commits carry it" htmlFor="account-name">
          <Input
            id="account-name"
            className="max-w-80"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </SettingRow>
        <SettingRow name="Email" says="As your commits carry it" htmlFor="account-email">
          <Input
            id="account-email"
            type="email"
            className="max-w-80"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </SettingRow>
        <span />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={save.isPending || (name === me.name && email === me.email)}>
            Save
          </Button>
          <span role="status" className="text-12 text-fg-3">
            {save.isSuccess ? "Saved. New worktrees take it." : ""}
          </span>
        </div>
      </SettingRows>
      {save.error !== null && <ErrorState className="mt-2">{wordsOf(save.error)}</ErrorState>}
    </form>
  );
}
