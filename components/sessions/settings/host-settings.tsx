"use client";
import { useQuery } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { StateIcon, toneText } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dot } from "@/components/ui/dot";
import { plural } from "@/components/ui/format";
import { List } from "@/components/ui/list";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import type { HostStateView, HostView } from "@/server/protocol/api";
import { hostNames } from "../host-look";
import { clusterLook } from "./cluster-look";

/** Where sessions live: reachable, or why not. Events move the state; version, facts and rights are looked at when asked. */
export function HostSettings() {
  const { data } = useLive();
  const hosts = useQuery({ queryKey: ["hosts"], queryFn: api.hosts, refetchOnMount: "always" });
  const items = hosts.data?.items ?? [];
  const again = (
    <Button look="quiet" size="sm" disabled={hosts.isFetching} onClick={() => void hosts.refetch()}>
      {hosts.isFetching ? "Looking…" : "Look again"}
    </Button>
  );
  return (
    <Section title="Hosts" id="hosts" actions={again}>
      {hosts.isPending && <SkeletonRows rows={1} label="Looking at hosts" />}
      {hosts.error !== null && <ErrorState className="mb-2">{wordsOf(hosts.error)}</ErrorState>}
      {items.length > 0 && (
        <List>
          {items.map((host) => (
            <Host key={host.kind} host={host} now={data?.hosts[host.kind] ?? host} />
          ))}
        </List>
      )}
      {hosts.data !== undefined && !items.some(({ kind }) => kind === "kubernetes") && (
        <EmptyState className="mt-2">
          No cluster. Give the server a <code>KUBECONFIG</code>, or run it in the cluster, and start it again: a
          repository may then have a pod of its own.
        </EmptyState>
      )}
    </Section>
  );
}

function Host({ host, now }: { host: HostView; now: HostStateView }) {
  const look = clusterLook(now, host.missingRights.length);
  return (
    <li
      aria-label={hostNames[host.kind]}
      className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-3 border-t border-line-faint px-3.5 py-3 first:border-t-0 max-phone:px-3"
    >
      <span className="flex h-5 items-center justify-center">
        {look.dot === true ? <Dot /> : <StateIcon tone={look.tone} icon={look.icon} />}
      </span>
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{hostNames[host.kind]}</span>
          {host.version !== null && <span className="font-mono text-12 text-fg-3">{host.version}</span>}
          <span className={`text-12 ${look.dot === true ? "text-fg-3" : toneText[look.tone]}`}>{look.word}</span>
          {now.since !== null && now.state !== "reachable" && (
            <span className="text-12 text-fg-3">
              since <RelativeTime at={now.since} />
            </span>
          )}
        </div>
        {now.state !== "reachable" && (now.trouble ?? now.reason) !== null && (
          <p className="mt-1 text-12 text-fg-2 [overflow-wrap:anywhere]">{now.trouble ?? now.reason}</p>
        )}
        {host.facts.length > 0 && <Facts facts={host.facts} />}
        {host.missingRights.length > 0 && <MissingRights rights={host.missingRights} />}
      </div>
    </li>
  );
}

function Facts({ facts }: { facts: HostView["facts"] }) {
  return (
    <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 gap-y-1 text-12 phone:grid-cols-[minmax(120px,auto)_minmax(0,1fr)]">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-fg-3">{name}</dt>
          <dd className="text-fg-2 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Each with the rule that grants it, as it goes into a Role. */
function MissingRights({ rights }: { rights: HostView["missingRights"] }) {
  return (
    <div className="mt-3">
      <h3 className="text-12 font-medium">
        The server lacks {plural(rights.length, "right")}. Add the rules to its Role, then look again.
      </h3>
      <ul className="mt-1.5 grid gap-2">
        {rights.map(({ right, rule }) => (
          <li key={right} className="rounded-2 border border-line">
            <div className="flex items-center gap-2 border-b border-line-faint py-0.5 pr-1 pl-2.5 text-12">
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">May not {right}</span>
              <CopyButton text={rule} label={`Copy the rule for: ${right}`} />
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys */}
            <pre tabIndex={0} className="overflow-x-auto px-2.5 py-1.5 font-mono text-11 text-fg-2">
              {rule}
            </pre>
          </li>
        ))}
      </ul>
    </div>
  );
}
