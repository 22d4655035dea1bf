"use client";
import { useMutation } from "@tanstack/react-query";
import { type DesktopNotices, setDesktopNotices, useDesktopNotices } from "@/components/live/desktop-notices";
import { Section } from "@/components/ui/section";
import { Switch } from "@/components/ui/switch";
import { SettingRow, SettingRows } from "./setting-row";

const words: Record<DesktopNotices, string> = {
  on: "Shown while this page is open and not in sight",
  off: "The browser asks once whether it may",
  refused: "The browser refuses. Allow notifications for this address in its site settings, then come back",
  unavailable: "This browser has none for this page: they need HTTPS, or the server on this very machine",
};

/** Messages of the browser. What is told at all is a setting of each repository. */
export function DesktopSettings() {
  const notices = useDesktopNotices();
  const set = useMutation({ mutationFn: setDesktopNotices });
  return (
    <Section title="Notifications" id="notifications">
      <SettingRows>
        <SettingRow name="From this browser" says={words[notices]}>
          <Switch
            label="Notifications from this browser"
            checked={notices === "on"}
            disabled={notices === "refused" || notices === "unavailable" || set.isPending}
            onCheckedChange={(isOn) => set.mutate(isOn)}
          />
        </SettingRow>
      </SettingRows>
      <p className="mt-1.5 px-3.5 text-12 text-fg-3">
        What is told of pull requests stands in each repository's settings.
      </p>
    </Section>
  );
}
