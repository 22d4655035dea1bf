"use client";
import { useState } from "react";
import { type Preferences, usePreferences, writePreferences } from "@/components/live/preferences";
import { Input } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Switch } from "@/components/ui/switch";
import { SettingRow, SettingRows } from "./setting-row";

type Terminal = Preferences["terminal"];
const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const set = (terminal: Partial<Terminal>) => writePreferences({ terminal });

export function TerminalSettings() {
  const { terminal } = usePreferences();
  return (
    <Section title="Terminal" id="terminal">
      <SettingRows>
        <SettingRow name="Font" says="Any font of this device; Geist Mono is always there" htmlFor="terminal-font">
          <FontField key={terminal.fontFamily} family={terminal.fontFamily} />
        </SettingRow>
        <SettingRow name="Size" htmlFor="terminal-size">
          <NumberField
            key={terminal.fontSize}
            id="terminal-size"
            value={terminal.fontSize}
            limits={[8, 32]}
            onSet={(fontSize) => set({ fontSize })}
          />
        </SettingRow>
        <SettingRow name="Colours" says="Follow the theme">
          <Colours />
        </SettingRow>
        <SettingRow
          name="Scrollback"
          says="Lines to scroll through; search and download reach further"
          htmlFor="terminal-scrollback"
        >
          <NumberField
            key={terminal.scrollback}
            id="terminal-scrollback"
            value={terminal.scrollback}
            limits={[100, 100_000]}
            onSet={(scrollback) => set({ scrollback })}
          />
        </SettingRow>
        <SettingRow name="Blinking cursor">
          <Switch
            label="Blinking cursor"
            checked={terminal.cursorBlink}
            onCheckedChange={(cursorBlink) => set({ cursorBlink })}
          />
        </SettingRow>
        <SettingRow name="Screen reader mode" says="Speaks new output; Ctrl Shift . leaves the terminal">
          <Switch
            label="Screen reader mode"
            checked={terminal.screenReader}
            onCheckedChange={(screenReader) => set({ screenReader })}
          />
        </SettingRow>
      </SettingRows>
    </Section>
  );
}

function Colours() {
  return (
    <div
      role="img"
      aria-label="The 16 colours"
      className="grid w-fit forced-color-adjust-none grid-cols-[repeat(8,18px)] gap-0.75"
    >
      {["", "bright-"].flatMap((brightness) =>
        colours.map((colour) => (
          <span
            key={brightness + colour}
            className="h-3 rounded-[2px]"
            style={{ background: `var(--ansi-${brightness}${colour})` }}
          />
        )),
      )}
    </div>
  );
}

function FontField({ family }: { family: string }) {
  const [draft, setDraft] = useState(family);
  const keep = () => set({ fontFamily: draft.trim() === "" ? "Geist Mono" : draft.trim() });
  return (
    <Input
      id="terminal-font"
      className="max-w-55"
      maxLength={200}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && keep()}
    />
  );
}

type NumberFieldProps = {
  id: string;
  value: number;
  limits: readonly [number, number];
  onSet: (value: number) => void;
};

function NumberField({ id, value, limits: [least, most], onSet }: NumberFieldProps) {
  const [draft, setDraft] = useState(String(value));
  const number = Number(draft);
  const wrong = !Number.isInteger(number) || number < least || number > most;
  const keep = () => {
    if (!wrong) onSet(number);
  };
  return (
    <div className="flex items-center gap-2.5">
      <Input
        id={id}
        className="w-24"
        inputMode="numeric"
        aria-invalid={wrong}
        aria-describedby={`${id}-words`}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === "Enter" && keep()}
      />
      <span id={`${id}-words`} className="text-12 text-failing">
        {wrong ? `A whole number from ${least} to ${most.toLocaleString("en-US")}` : ""}
      </span>
    </div>
  );
}
