import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/format";
import { Card } from "@/components/ui/list";
import { Section } from "@/components/ui/section";
import type { RepositoryView } from "@/server/protocol/api";

/** What every new session gets. */
export function SetUp({ repository, onEdit }: { repository: RepositoryView; onEdit: () => void }) {
  const { copyFiles, setupScript, env, keepEndedDays } = repository.settings;
  const names = Object.keys(env);
  const rows = [
    ["Copy in", copyFiles.length === 0 ? "Nothing" : copyFiles.join(", "), copyFiles.length > 0],
    ["Setup script", setupScript === "" ? "None" : setupScript, setupScript !== ""],
    ["Environment", names.length === 0 ? "Nothing added" : names.join(", "), names.length > 0],
    ["After it ends", `Its directory is kept ${plural(keepEndedDays, "day")}`, false],
  ] as const;
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
