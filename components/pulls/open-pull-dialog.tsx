"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, TextArea } from "@/components/ui/field";
import { ErrorState } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";
import type { SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { BranchState } from "./branch-state";
import { GoneWarning } from "./gone-warning";
import { OpenPullBranches } from "./open-pull-branches";
import { baseChoices, type DraftBranches, firstBranches, isUnfinished, titleOf } from "./pull-draft";
import { useOpenPulls } from "./use-open-pulls";

type OpenPullDialogProps = {
  session: SessionView;
  defaultBranch: string | null;
  onClose: () => void;
  onOpened: (pull: PullView) => void;
};

/** What a person wrote; null where the words are still those of the commits, and follow the branches. */
type Typed = { title: string | null; body: string | null };

/** Opens one on the forge from a branch that was pushed. */
export function OpenPullDialog({ session, defaultBranch, onClose, onOpened }: OpenPullDialogProps) {
  const known = useOpenPulls(session.repositoryId);
  const [branches, setBranches] = useState(() => firstBranches(session, baseChoices(session, defaultBranch)));
  const choices = baseChoices(session, defaultBranch, known.data?.items).filter(
    ({ branch }) => branch !== branches.head,
  );
  const drafted = useDraft(session.id, branches);
  const [typed, setTyped] = useState<Typed>({ title: null, body: null });
  const [isDraft, setIsDraft] = useState(false);
  const form = useId();
  const title = typed.title ?? drafted.draft?.title ?? titleOf(session, branches.head);
  const body = typed.body ?? drafted.draft?.body ?? "";
  const [head, base] = [branches.head.trim(), branches.base.trim()];
  const open = useMutation({
    mutationFn: () =>
      api.createPull(session.id, { title: title.trim(), body, head, draft: isDraft, ...(base === "" ? {} : { base }) }),
    onSuccess: (pull) => {
      onOpened(pull);
      onClose();
    },
  });
  const isReady = title.trim() !== "" && head !== "" && !isUnfinished(head) && !open.isPending;
  return (
    <Dialog
      onClose={onClose}
      title="Open a pull request"
      description="Of what is pushed: commits that are only in the worktree are not in it."
      footer={
        <Footer form={form} isReady={isReady} onClose={onClose}>
          {open.isPending ? "Opening…" : isDraft ? "Open as a draft" : "Open"}
        </Footer>
      }
    >
      <form
        id={form}
        onSubmit={(event) => submitted(event, isReady, open.mutate)}
        noValidate
        className="grid grid-cols-[minmax(0,1fr)] gap-3.5"
      >
        <Title text={title} onText={(text) => setTyped({ ...typed, title: text })} />
        <OpenPullBranches
          {...{ branches, choices }}
          sessionBranch={session.branch}
          onChange={(next) => {
            setBranches(next);
            open.reset();
          }}
          onSettled={drafted.settle}
        />
        <GoneWarning pulls={session.prs} branches={[head]} then="opens" />
        <BranchState draft={drafted.draft} error={drafted.error} isLooking={drafted.isLooking} onLook={drafted.look} />
        <Description text={body} onText={(text) => setTyped({ ...typed, body: text })} />
        <AsDraft isDraft={isDraft} onDraft={setIsDraft} />
        {open.error !== null && <ErrorState>{wordsOf(open.error)}</ErrorState>}
      </form>
    </Dialog>
  );
}

/** The words that the commits give, and what of them was pushed; asked anew when the branches are settled. */
function useDraft(sessionId: string, first: DraftBranches) {
  const [asked, setAsked] = useState(first);
  const branches = { head: asked.head.trim(), base: asked.base.trim() };
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["pull-draft", sessionId, branches],
    queryFn: ({ signal }) => api.pullDraft(sessionId, branches, signal),
    enabled: branches.head !== "" && !isUnfinished(branches.head),
    refetchOnMount: "always",
    gcTime: 0,
    retry: false,
  });
  return { draft: data, error, isLooking: isFetching, look: () => void refetch(), settle: setAsked };
}

type FooterProps = { form: string; isReady: boolean; onClose: () => void; children: string };

function Footer({ form, isReady, onClose, children }: FooterProps) {
  return (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>Not now</Button>
      <Button look="primary" type="submit" form={form} disabled={!isReady}>
        {children}
      </Button>
    </>
  );
}

function submitted(event: FormEvent, isReady: boolean, open: () => void): void {
  event.preventDefault();
  if (isReady) open();
}

function Title({ text, onText }: { text: string; onText: (text: string) => void }) {
  return (
    <Field label="Title">
      {(names) => <Input {...names} maxLength={500} value={text} onChange={(event) => onText(event.target.value)} />}
    </Field>
  );
}

function Description({ text, onText }: { text: string; onText: (text: string) => void }) {
  return (
    <Field label="Description" hint="Markdown, as the forge reads it.">
      {(names) => (
        <TextArea
          {...names}
          rows={4}
          maxLength={65_536}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

function AsDraft({ isDraft, onDraft }: { isDraft: boolean; onDraft: (isDraft: boolean) => void }) {
  return (
    <div className="flex items-center gap-2.5">
      <Switch label="As a draft" checked={isDraft} onCheckedChange={onDraft} />
      <span aria-hidden>As a draft</span>
    </div>
  );
}
