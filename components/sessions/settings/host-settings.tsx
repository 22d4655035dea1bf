"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Unplug } from "lucide-react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { useLive } from "@/components/live/use-live";
import { StateIcon } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { List, ListRow } from "@/components/ui/list";
import { EmptyState, ErrorState } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton-rows";

const names = { local: "This machine", kubernetes: "Kubernetes" } as const;

/** Where sessions live: reachable, or why not. Events move the state; version and rights are asked for. */
export function HostSettings() {
  const { data } = useLive();
  const hosts = useQuery({ queryKey: ["hosts"], queryFn: api.hosts, refetchOnMount: "always" });
  const again = (
    <Button look="quiet" size="sm" disabled={hosts.isFetching} onClick={() => void hosts.refetch()}>
      Look again
    </Button>
  );
  return (
    <Section title="Hosts" id="hosts" actions={again}>
      {hosts.isPending && <SkeletonRows rows={1} label="Looking at hosts" />}
      {hosts.error !== null && <ErrorState>{wordsOf(hosts.error)}</ErrorState>}
      {hosts.data?.items.length === 0 && <EmptyState>This server has no host.</EmptyState>}
      {hosts.data !== undefined && hosts.data.items.length > 0 && (
        <List>
          {hosts.data.items.map((host) => {
            const now = data?.hosts[host.kind] ?? host;
            const up = now.state === "reachable";
            return (
              <ListRow key={host.kind}>
                <StateIcon tone={up ? "passing" : "attention"} icon={up ? CircleCheck : Unplug} />
                <div className="min-w-0 flex-1">
                  <div className="font-medium">
                    {names[host.kind]}{" "}
                    {host.version !== null && (
                      <span className="font-mono text-12 font-normal text-fg-3">{host.version}</span>
                    )}
                  </div>
                  <div className="text-12 text-fg-3 [overflow-wrap:anywhere]">
                    {up ? "Reachable" : `Unreachable: ${now.reason ?? "no reason was given"}`}
                    {now.since !== null && (
                      <>
                        , since <RelativeTime at={now.since} />
                      </>
                    )}
                  </div>
                  {host.missingRights.map(({ right, rule }) => (
                    <div key={right} className="text-12 text-fg-2">
                      Lacks the right to {right}. Add: <code>{rule}</code>
                    </div>
                  ))}
                </div>
              </ListRow>
            );
          })}
        </List>
      )}
    </Section>
  );
}
