import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/format";
import { Card } from "@/components/ui/list";
import { Section } from "@/components/ui/section";
import type { RepositoryView } from "@/server/protocol/api";

const nudgeWords = {
  off: "None are made",
  suggest: "Suggested, you give them",
  send: "Suggested until there are chats to send to",
} as const;

/** What every new session gets. */
export function SetUp({ repository, onEdit }: { repository: RepositoryView; onEdit: () => void }) {
  const { copyFiles, setupScript, env, keepEndedDays } = repository.settings;
  const names = Object.keys(env);
  const rows: (readonly [string, string, boolean])[] = [
    ...podRows(repository),
    ["Copy in", copyFiles.length === 0 ? "Nothing" : copyFiles.join(", "), copyFiles.length > 0],
    ["Setup script", setupScript === "" ? "None" : setupScript, setupScript !== ""],
    ["Environment", names.length === 0 ? "Nothing added" : names.join(", "), names.length > 0],
    ["Messages to agents", nudgeWords[repository.settings.nudges], false],
    ["After it ends", `Its directory is kept ${plural(keepEndedDays, "day")}`, false],
  ];
  return (
    <Section
      title="For every new session"
      actions={
        <Button look="quiet" size="sm" onClick={onEdit}>
          Edit
        </Button>
      }
    >
      <Card>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 gap-y-1.5 text-12">
          {rows.map(([name, value, mono]) => (
            <div key={name} className="contents">
              <dt className="text-fg-3">{name}</dt>
              <dd
                className={
                  mono ? "line-clamp-6 font-mono whitespace-pre-wrap text-fg-2 [overflow-wrap:anywhere]" : "text-fg-2"
                }
              >
                {value}
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </Section>
  );
}

/** What its pod is made of, where it has one and it was set. */
function podRows({ host, settings }: RepositoryView): (readonly [string, string, boolean])[] {
  if (host === "local") return [];
  const { image, resources, storage, suspendAfterMinutes: minutes } = settings;
  const amounts = [
    [resources?.limits?.cpu, "CPU"],
    [resources?.limits?.memory, "memory"],
  ].flatMap(([amount, word]) => (amount === undefined ? [] : [`${amount} ${word}`]));
  return [
    ["Image", image ?? "The server's workspace image", image !== null],
    ...(amounts.length === 0 ? [] : [["At most", amounts.join(", "), false] as const]),
    ...(storage?.size === undefined ? [] : [["Volume", storage.size, false] as const]),
    ["Rests after", minutes === 0 ? "Never" : `${plural(minutes, "minute")} with nothing running`, false],
  ];
}
