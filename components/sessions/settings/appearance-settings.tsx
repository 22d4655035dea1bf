"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { usePreferences, writePreferences } from "@/components/live/preferences";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { SettingRow, SettingRows } from "./setting-row";

const themes = [
  { value: "system", word: "System", icon: Monitor },
  { value: "light", word: "Light", icon: Sun },
  { value: "dark", word: "Dark", icon: Moon },
] as const;

export function AppearanceSettings() {
  const { theme } = usePreferences();
  return (
    <Section title="Appearance" id="appearance">
      <SettingRows>
        <SettingRow name="Theme" says="Of this browser">
          <Segmented
            label="Theme"
            value={theme}
            options={themes}
            onChange={(value) => writePreferences({ theme: value })}
          />
        </SettingRow>
      </SettingRows>
    </Section>
  );
}
