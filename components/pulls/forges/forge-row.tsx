"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/field";
import { MiddleCut } from "@/components/ui/middle-cut";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ForgeView } from "@/server/protocol/pulls";
import { forgeNames } from "../pull-look";
import { forgeLook, forgeName } from "./forge-look";
import { learnForge } from "./use-forges";

type ForgeRowProps = { forge: ForgeView; onToken: () => void; onRemove: () => void };

/** One forge: whether its token works, as whom, what is wrong since when, and where it would deliver. */
export function ForgeRow({ forge, onToken, onRemove }: ForgeRowProps) {
  const { icon, tone, words } = forgeLook(forge);
  const isWrong = tone !== "passing";
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: () => api.checkForge(forge.id),
    onSuccess: (seen) => learnForge(client, seen),
  });
  return (
    <li
      aria-label={forgeName(forge)}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line-faint px-3.5 py-2.5 first:border-t-0 max-phone:px-3"
    >
      <div className="grid min-w-0 flex-1 grid-cols-[16px_minmax(0,1fr)] gap-x-3 max-phone:basis-full">
        <span className="flex h-5 items-center">
          <StateIcon tone={tone} icon={icon} />
        </span>
        <div className="min-w-0">
          <span className="font-medium">{forgeName(forge)}</span>{" "}
          <span className="text-fg-3">{forgeNames[forge.kind]}</span>
          <p className="text-12 text-fg-2 [overflow-wrap:anywhere]">
            {words}
            {forge.trouble !== null && (
              <span className="text-fg-3">
                {" "}
                Since <RelativeTime at={forge.trouble.since} />
                {forge.account !== null && `, as ${forge.account.login}`}
              </span>
            )}
          </p>
          <Webhook url={forge.webhookUrl} />
          <div role="status" className="text-12 text-fg-3 empty:hidden">
            {check.isPending ? "Asking the forge…" : check.isSuccess ? "Checked just now." : ""}
          </div>
          {check.error !== null && <FieldError>{wordsOf(check.error)}</FieldError>}
        </div>
      </div>
      <div className="flex flex-wrap gap-1.5 max-phone:pl-7">
        <Button
          size="sm"
          look={isWrong ? "plain" : "quiet"}
          className="max-phone:h-9"
          disabled={check.isPending}
          onClick={() => check.mutate()}
        >
          Check again
        </Button>
        <Button size="sm" look={isWrong ? "plain" : "quiet"} className="max-phone:h-9" onClick={onToken}>
          Replace token
        </Button>
        <Button size="sm" look="quiet" className="max-phone:h-9" onClick={onRemove}>
          Remove…
        </Button>
      </div>
    </li>
  );
}

function Webhook({ url }: { url: string | null }) {
  if (url === null)
    return (
      <p className="text-12 text-fg-3">
        No webhooks: the forge could not reach this server at a name of its own. It is asked at intervals instead.
      </p>
    );
  return (
    <p className="flex min-w-0 items-center text-12 text-fg-3">
      <span className="mr-1 shrink-0">Webhooks deliver to</span>
      <MiddleCut text={url} className="min-w-0" />
      <CopyButton text={url} label="Copy the address for webhooks" />
    </p>
  );
}
