"use client";
import { Unplug } from "lucide-react";
import type { LinkState } from "@/components/live/reconnect";
import { reconnectNow, useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/button";
import { formatAge } from "@/components/ui/format";
import { ReloadButton } from "@/components/ui/reload-button";
import { useNow } from "@/components/ui/use-now";

/** Says that what is shown may be old, since when, and what the page does about it. Nothing for the first blink. */
export function ConnectionBanner() {
  const { link, data, outdated } = useLive();
  const now = useNow();
  const words = outdated ? outdatedWords : wordsOfLink(link, now, data !== null);
  if (words === null) return null;
  const action =
    outdated || link.kind === "refused" ? (
      <ReloadButton size="sm">Reload</ReloadButton>
    ) : (
      <Button size="sm" onClick={reconnectNow}>
        Try now
      </Button>
    );
  return (
    <div
      role="alert"
      className="flex flex-none items-center gap-2 border-b border-attention-line bg-attention-soft py-1 pr-1.5 pl-3 text-12"
    >
      <Unplug aria-hidden className="size-4 shrink-0 text-attention" strokeWidth={1.75} />
      <span className="min-w-0 flex-1">{words}</span>
      {action}
    </div>
  );
}

const outdatedWords = "The server speaks a newer language than this page. Reload it; programs and terminals go on.";

function wordsOfLink(link: LinkState, now: number, hasData: boolean): string | null {
  if (link.kind === "refused") {
    return `The server closed the event socket: ${link.reason === "" ? `code ${link.code}` : link.reason}. What you see no longer changes.`;
  }
  const trouble = link.kind === "stopped" ? null : link.trouble;
  if (trouble === null || now - trouble.lostAt < 1500) return null;
  const what = `No answer from the server for ${formatAge(trouble.lostAt, now)}. `;
  const shown = hasData ? "What you see may be old; sessions and their programs go on. " : "";
  const pace = now - trouble.lostAt < 60_000 ? "at most 1 s" : "8 s";
  return `${what}${shown}Trying again: attempt ${trouble.attempt + 1}, ${pace} apart.`;
}
