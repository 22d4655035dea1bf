"use client";
import { useMutation } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { SessionView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { AskReviewDialog } from "./ask-review-dialog";
import { MergeDialog } from "./merge-dialog";
import { pullName } from "./pull-look";
import { RetargetDialog } from "./retarget-dialog";

type PullActionsProps = {
  pull: PullView;
  session: SessionView;
  all: readonly PullView[];
  isOwn: boolean;
  mayMerge: boolean;
  nextBase: string;
  onUnlinked: (pull: PullView) => void;
};

/** What may be done with one at its forge; what cannot be undone asks first. */
export function PullActions(props: PullActionsProps) {
  const { pull, session, isOwn } = props;
  const take = useMutation({ mutationFn: () => api.createPull(session.id, { url: pull.url }) });
  if (isOwn) return <OwnActions {...props} />;
  return (
    <div className="mt-2.5 grid gap-1.5">
      <div>
        <Button size="sm" className="max-phone:h-9" disabled={take.isPending} onClick={() => take.mutate()}>
          Take it into this session
        </Button>
      </div>
      {take.error !== null && <FieldError>{wordsOf(take.error)}</FieldError>}
    </div>
  );
}

type Asking = "merge" | "review" | "retarget" | null;
type Act = { does: () => Promise<unknown>; done: string };

function OwnActions({ pull, session, all, mayMerge, nextBase, onUnlinked }: PullActionsProps) {
  const [asking, setAsking] = useState<Asking>(null);
  const act = useMutation({ mutationFn: ({ does }: Act) => does() });
  const run = (done: string, does: () => Promise<unknown>) => act.mutate({ does, done });
  const isOpen = pull.state === "open";
  const offersRetarget = pull.stack?.state === "needs-retarget" || pull.stack?.state === "orphaned";
  const close = () => setAsking(null);
  const button = { size: "sm", className: "max-phone:h-9 max-phone:px-3 max-phone:text-13" } as const;
  const at = [session.id, pull.id] as const;
  return (
    <div className="mt-2.5 grid gap-1.5">
      <div className="flex flex-wrap items-center gap-1.5">
        {isOpen && (
          <>
            {offersRetarget && (
              <Button {...button} onClick={() => setAsking("retarget")}>
                Retarget…
              </Button>
            )}
            <Button {...button} disabled={!mayMerge || pull.headSha === null} onClick={() => setAsking("merge")}>
              Merge…
            </Button>
            <Button
              {...button}
              disabled={act.isPending || pull.mergeable === "conflict"}
              onClick={() =>
                run("Brought up to date at the forge. Pull the branch here before you go on.", () =>
                  api.updatePull(...at),
                )
              }
            >
              Update
            </Button>
            <Button {...button} onClick={() => setAsking("review")}>
              Ask for review…
            </Button>
          </>
        )}
        <MoreActions
          pull={pull}
          onLook={() => run("Looked at just now.", () => api.refreshPull(...at))}
          onUnlink={() => run("", () => api.unlinkPull(...at).then(() => onUnlinked(pull)))}
        />
      </div>
      <div role="status" className="text-fg-3 empty:hidden">
        {act.isPending ? "Asking the forge…" : act.isSuccess ? act.variables.done : ""}
      </div>
      {act.error !== null && <FieldError>{wordsOf(act.error)}</FieldError>}
      {asking === "merge" && <MergeDialog {...{ pull, session, all }} onClose={close} />}
      {asking === "review" && <AskReviewDialog {...{ pull, session }} onClose={close} />}
      {asking === "retarget" && <RetargetDialog {...{ pull, session, nextBase }} onClose={close} />}
    </div>
  );
}

type MoreActionsProps = { pull: PullView; onLook: () => void; onUnlink: () => void };

function MoreActions({ pull, onLook, onUnlink }: MoreActionsProps) {
  const trigger = (
    <Button
      look="quiet"
      size="sm"
      shape="icon"
      aria-label={`More for ${pullName(pull)}`}
      className="max-phone:h-9 max-phone:w-9"
    >
      <Ellipsis strokeWidth={1.75} />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuItem onSelect={onLook}>Look at the forge now</MenuItem>
      {/* Refused only in a page without HTTPS; the link beside the title has the address as well. */}
      <MenuItem onSelect={() => void navigator.clipboard?.writeText(pull.url).catch(() => {})}>
        Copy its address
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={onUnlink}>Unlink from this session</MenuItem>
    </Menu>
  );
}
