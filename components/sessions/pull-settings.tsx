"use client";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { Switch } from "@/components/ui/switch";
import type { RepositoryView } from "@/server/protocol/api";
import { SettingRow, SettingRows } from "./settings/setting-row";

type Settings = RepositoryView["settings"];

const nudges = [
  { value: "off", word: "Off" },
  { value: "suggest", word: "Suggest" },
  { value: "send", word: "Send" },
] as const;

const nudgeWords: Record<Settings["nudges"], string> = {
  off: "No message is made.",
  suggest: "Failing checks, review comments and conflicts make a message that you give to your agent.",
  send: "Messages are to be sent to the agent. Until there are chats to send to it acts as Suggest; nothing is typed into a terminal.",
};

const notices: readonly { name: keyof Settings["notify"]; word: string; says: string }[] = [
  { name: "checks", word: "Checks", says: "They failed, or all passed" },
  { name: "review", word: "Review", says: "Approved, or changes asked for" },
  { name: "conflict", word: "Conflict", says: "It cannot be merged as it is" },
  { name: "merged", word: "Merged", says: "And the last open one of a session" },
  { name: "closed", word: "Closed", says: "Without being merged" },
];

/** What is done about the pull requests of a repository. Each choice is kept at once. */
export function PullSettings({ repository }: { repository: RepositoryView }) {
  const { settings } = repository;
  const save = useMutation({
    mutationFn: (change: Partial<Settings>) => api.patchRepository(repository.id, { settings: change }),
  });
  const { notify } = settings;
  return (
    <Section title="Pull requests">
      <SettingRows>
        <SettingRow name="Messages to agents" says={nudgeWords[settings.nudges]}>
          <Segmented
            label="Messages to agents"
            value={settings.nudges}
            options={nudges}
            onChange={(value) => save.mutate({ nudges: value })}
          />
        </SettingRow>
        <SettingRow
          name="Merge by itself"
          says="Only when the forge says mergeable, a check was seen passing on that very head, and nothing required is missing"
        >
          <Switch
            label="Merge by itself"
            checked={settings.autoMerge}
            disabled={save.isPending}
            onCheckedChange={(autoMerge) => save.mutate({ autoMerge })}
          />
        </SettingRow>
        {notices.map(({ name, word, says }) => (
          <SettingRow key={name} name={`Tell me: ${word}`} says={says}>
            <Switch
              label={`Tell me: ${word}`}
              checked={notify[name]}
              disabled={save.isPending}
              onCheckedChange={(isOn) => save.mutate({ notify: { ...notify, [name]: isOn } })}
            />
          </SettingRow>
        ))}
      </SettingRows>
      {save.error !== null && <ErrorState className="mt-2">{wordsOf(save.error)}</ErrorState>}
    </Section>
  );
}
