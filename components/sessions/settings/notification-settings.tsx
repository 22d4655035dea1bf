"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { type PushState, readPush, turnPushOff, turnPushOn } from "@/components/live/push";
import { ErrorState } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import { Switch } from "@/components/ui/switch";
import type { NotificationKind } from "@/server/domain/notification";
import { Channels, channelsKey, useChannels } from "./notification-channels";
import { SettingRow, SettingRows } from "./setting-row";

const words: Record<PushState["kind"], string> = {
  on: "Told while no page is open, and not while one is in sight",
  off: "The browser asks once whether it may",
  refused: "The browser refuses. Allow notifications for this address in its site settings, then come back",
  unavailable: "This browser has none for this page: they need HTTPS, or the server on this very machine",
};

const kinds: [word: string, kinds: NotificationKind[]][] = [
  ["Checks failed", ["pull-checks-failed"]],
  ["Checks passed", ["pull-checks-passed"]],
  ["Approved", ["pull-approved"]],
  ["Changes asked for", ["pull-changes-requested"]],
  ["Merged", ["pull-merged", "pull-done"]],
  ["Closed without a merge", ["pull-closed"]],
  ["Conflict", ["pull-conflict"]],
  ["Auto-merge was refused", ["pull-merge-refused"]],
  ["A session failed, ended or cannot be reached", ["session-failed", "session-ended", "session-unreachable"]],
  ["A program ended or was lost", ["program-ended", "holder-lost"]],
  ["A push was refused", ["push-refused"]],
];

/** How a person is told while no page is open, and of what. The bell has everything. */
export function NotificationSettings() {
  return (
    <>
      <Section title="When no page is open" id="push">
        <PushRow />
        <Channels />
      </Section>
      <Section title="What leaves the page" id="notification-kinds">
        <Kinds />
      </Section>
    </>
  );
}

function PushRow() {
  const client = useQueryClient();
  const channels = useChannels();
  const push = useQuery({ queryKey: ["push"], queryFn: readPush });
  const state = push.data ?? { kind: "off" as const };
  const known = channels.data?.items.find((one) => state.kind === "on" && one.addressHash === state.addressHash);
  const set = useMutation({
    async mutationFn(isOn: boolean) {
      if (isOn) return turnPushOn();
      if (known) await api.removeChannel(known.id);
      await turnPushOff();
    },
    onSettled: () => Promise.all([push.refetch(), client.invalidateQueries({ queryKey: channelsKey })]),
  });
  const isOn = state.kind === "on" && known !== undefined;
  const kind = state.kind === "on" && !isOn ? "off" : state.kind;
  return (
    <>
      <SettingRows>
        <SettingRow name="Push to this browser" says={words[kind]}>
          <Switch
            label="Push to this browser"
            checked={isOn}
            disabled={kind === "refused" || kind === "unavailable" || push.isPending || set.isPending}
            onCheckedChange={(next) => set.mutate(next)}
          />
        </SettingRow>
      </SettingRows>
      {set.error !== null && <ErrorState className="mt-2">{wordsOf(set.error)}</ErrorState>}
    </>
  );
}

const settingsKey = ["notification-settings"];

function Kinds() {
  const client = useQueryClient();
  const settings = useQuery({ queryKey: settingsKey, queryFn: () => api.notificationSettings() });
  const save = useMutation({
    mutationFn: (muted: NotificationKind[]) => api.patchNotificationSettings({ muted }),
    onSuccess: (saved) => client.setQueryData(settingsKey, saved),
  });
  const muted = settings.data?.muted ?? [];
  const error = settings.error ?? save.error;
  return (
    <>
      <SettingRows>
        {kinds.map(([word, own]) => (
          <SettingRow key={word} name={word}>
            <Switch
              label={word}
              checked={!own.every((kind) => muted.includes(kind))}
              disabled={settings.data === undefined || save.isPending}
              onCheckedChange={(isOn) => {
                const others = muted.filter((kind) => !own.includes(kind));
                save.mutate(isOn ? others : [...others, ...own]);
              }}
            />
          </SettingRow>
        ))}
      </SettingRows>
      {error !== null && <ErrorState className="mt-2">{wordsOf(error)}</ErrorState>}
      <p className="mt-1.5 px-3.5 text-12 text-fg-3">
        The bell has all of it. What is told of pull requests at all stands in each repository's settings.
      </p>
    </>
  );
}
