"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/components/live/api";
import { ApiFailure, wordsOf } from "@/components/live/api-failure";
import { readLoss } from "@/components/live/read-loss";
import { useLive } from "@/components/live/use-live";
import { GoneWarning } from "@/components/pulls/gone-warning";
import { Button } from "@/components/ui/button";
import { ChoiceCard, ChoiceCards } from "@/components/ui/choice-card";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/components/ui/format";
import { Kbd } from "@/components/ui/kbd";
import { ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { LossView, SessionView } from "@/server/protocol/api";
import { choiceSentence, choiceWords, type Keep, keeps, pushedBranches } from "./end-choices";
import { lossCounts, newLines } from "./loss-rows";
import { LossTable } from "./loss-table";

const noCounts = { commits: 0, branches: 0, files: 0, unknown: 0 };

/** Tells what ending would lose, asks what to keep, and asks again when more would be lost than was seen. */
export function EndDialog({ session, onClose }: { session: SessionView; onClose: () => void }) {
  const { data } = useLive();
  const [keep, setKeep] = useState<Keep>("rescue");
  const { look, before, again, failed, looking, take } = useLook(session.id);
  const end = useMutation({
    mutationFn: () =>
      api.end(session.id, { keep, ...(look === null || keep === "rescue" ? {} : { token: look.token }) }),
    onSuccess: onClose,
    onError: (error) => {
      const changed = error instanceof ApiFailure && error.code === "loss-changed" ? readLoss(error.details) : null;
      if (changed !== null) take(changed);
      else if (error instanceof ApiFailure && error.code === "loss-changed") again();
    },
  });
  const days = data?.repositories[session.repositoryId]?.settings.keepEndedDays;
  const counts = look === null ? noCounts : lossCounts(look);
  const footer = (
    <Footer
      keep={keep}
      days={days}
      busy={end.isPending}
      blind={look === null}
      onEnd={() => end.mutate()}
      onClose={onClose}
    />
  );
  return (
    <Dialog
      onClose={onClose}
      title="End this session?"
      description={<Summary look={look} looking={looking} onAgain={again} />}
      footer={footer}
      className="phone:w-[min(760px,calc(100vw-40px))]"
    >
      <div className="grid gap-3.5">
        {end.error !== null && <ErrorState>{wordsOf(end.error)}</ErrorState>}
        {failed !== null && (
          <ErrorState action={<Button onClick={again}>Look again</Button>}>
            {wordsOf(failed)} What would be lost is unknown; only a rescue can be asked for now.
          </ErrorState>
        )}
        {look === null && failed === null && <SkeletonRows rows={3} label="Looking at what would be lost" />}
        {look !== null && <LossTable loss={look} fresh={before === null ? new Set() : newLines(before, look)} />}
        <ChoiceCards
          label="What to keep"
          value={keep}
          onChange={(value) => setKeep(keeps.find((one) => one === value) ?? "rescue")}
        >
          {keeps.map((one) => (
            <ChoiceCard key={one} value={one} word={choiceWords[one].word} disabled={look === null && one !== "rescue"}>
              {look === null ? sentenceWithoutLook[one] : choiceSentence(one, counts)}
            </ChoiceCard>
          ))}
        </ChoiceCards>
        <GoneWarning pulls={session.prs} branches={pushedBranches(keep, session.branch, look)} then="ends" />
      </div>
    </Dialog>
  );
}

type FooterProps = {
  keep: Keep;
  days: number | undefined;
  busy: boolean;
  /** Without a look only the rescue can be asked for. */
  blind: boolean;
  onEnd: () => void;
  onClose: () => void;
};

function Footer({ keep, days, busy, blind, onEnd, onClose }: FooterProps) {
  const { button, busy: busyWords } = choiceWords[keep];
  return (
    <>
      <span className="min-w-0 flex-1 text-12 text-fg-3 max-phone:basis-full">
        {days === undefined ? "The directory is set aside" : `The directory is set aside for ${plural(days, "day")}`},
        ignored files in it.
      </span>
      <Button onClick={onClose}>
        Cancel
        <Kbd keys="Esc" className="max-phone:hidden" />
      </Button>
      <Button
        look={keep === "nothing" ? "danger" : "primary"}
        disabled={busy || (blind && keep !== "rescue")}
        onClick={onEnd}
      >
        {busy ? busyWords : button}
      </Button>
    </>
  );
}

const sentenceWithoutLook: Record<Keep, string> = {
  rescue: "Saves commits and files as rescue refs. Restore them later into a new session.",
  push: "Pushes the session's branches, and rescues what is not committed.",
  "commit-and-push": "Commits all files, then pushes.",
  nothing: "Keeps no refs.",
};

/** The newest look, and the one before it when the server said that more would be lost. */
function useLook(sessionId: string) {
  const [changed, setChanged] = useState<{ look: LossView; before: LossView | null } | null>(null);
  const asked = useQuery({
    queryKey: ["loss", sessionId],
    queryFn: ({ signal }) => api.loss(sessionId, signal),
    refetchOnMount: "always",
    gcTime: 0,
  });
  const look = changed?.look ?? asked.data ?? null;
  return {
    look,
    before: changed?.before ?? null,
    failed: changed === null ? asked.error : null,
    looking: asked.isFetching,
    take: (next: LossView) => setChanged({ look: next, before: look }),
    again: () => {
      setChanged(null);
      void asked.refetch();
    },
  };
}

function Summary({ look, looking, onAgain }: { look: LossView | null; looking: boolean; onAgain: () => void }) {
  if (look === null) return <>Looking at what would be lost.</>;
  const { commits, files, unknown } = lossCounts(look);
  const lost = commits + files > 0 ? "Some of the work is on no remote" : "All that was seen is on a remote";
  const blind = unknown > 0 ? `, and ${unknown === 1 ? "one thing" : `${unknown} things`} could not be looked at` : "";
  return (
    <>
      {lost}
      {blind}. Looked <RelativeTime at={look.seenAt} suffix=" ago" />.{" "}
      <button
        type="button"
        className="text-accent-text hover:underline disabled:text-disabled"
        disabled={looking}
        onClick={onAgain}
      >
        {looking ? "Looking…" : "Look again"}
      </button>
    </>
  );
}
