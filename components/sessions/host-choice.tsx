"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api } from "@/components/live/api";
import { browserStorage } from "@/components/live/browser-storage";
import { useLive } from "@/components/live/use-live";
import { ChoiceCard, ChoiceCards } from "@/components/ui/choice-card";
import type { HostKind } from "@/server/domain/repository";
import type { HostView } from "@/server/protocol/api";
import { firstHost, whyNotHost } from "./host-choices";
import { hostNames } from "./host-look";

const rememberedKey = "trellis.host";

const says: Record<HostKind, string> = {
  local: "Worktrees and programs live beside the server, as its user, with that user's keys.",
  kubernetes: "A pod of its own in the cluster, with a volume of its own. It rests while nothing runs in it.",
};

export type HostChoice = {
  /** Null where the server says: it is asked which hosts it has, or has none. */
  host: HostKind | null;
  choose: (host: HostKind) => void;
  whyNot: Record<HostKind, string | null>;
};

/** What may be chosen, and what this browser chose last. Asked anew each time: rights and clusters come and go. */
export function useHostChoice(chosen: HostKind | null, choose: (host: HostKind) => void): HostChoice {
  const { data } = useLive();
  const hosts = useQuery({ queryKey: ["hosts"], queryFn: api.hosts, refetchOnMount: "always" });
  const known: readonly Pick<HostView, "kind" | "state" | "reason" | "trouble" | "missingRights">[] =
    hosts.data?.items ?? Object.values(data?.hosts ?? {}).map((host) => ({ ...host, missingRights: [] }));
  const whyNot = { local: whyNotHost("local", known), kubernetes: whyNotHost("kubernetes", known) };
  const remembered = browserStorage.getItem(rememberedKey);
  return {
    host: firstHost(known, [chosen, remembered]),
    choose: (host) => {
      browserStorage.setItem(rememberedKey, host);
      choose(host);
    },
    whyNot,
  };
}

/** Where a repository is to live; one that cannot be chosen says why. */
export function HostCards({ choice: { host, choose, whyNot } }: { choice: HostChoice }) {
  return (
    <fieldset className="mt-4">
      <legend className="mb-1.75 font-medium">Host</legend>
      <ChoiceCards label="Host" value={host ?? ""} onChange={(value) => choose(value as HostKind)}>
        {(["local", "kubernetes"] as const).map((kind) => (
          <ChoiceCard key={kind} value={kind} word={hostNames[kind]} disabled={whyNot[kind] !== null}>
            {whyNot[kind] ?? says[kind]}
          </ChoiceCard>
        ))}
      </ChoiceCards>
      {whyNot.kubernetes !== null && (
        <p className="mt-2 text-12 text-fg-3">
          <Link href="/settings#hosts">Settings, Hosts</Link> says what the server sees of its cluster.
        </p>
      )}
    </fieldset>
  );
}
