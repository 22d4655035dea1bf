import { Section } from "@/components/ui/section";
import { SettingRow, SettingRows } from "./setting-row";

/** How scripts get in, and what this is. */
export function ServerSettings() {
  return (
    <>
      <Section title="API and token" id="api">
        <SettingRows>
          <SettingRow name="Token for scripts" says="Made once, readable by you alone">
            <span>
              In the file <code>token</code> of the data directory, sent as <code>Authorization: Bearer …</code>
            </span>
          </SettingRow>
          <SettingRow name="Description" says="Every path, every shape">
            <a href="/api/docs">/api/docs</a>
          </SettingRow>
          <SettingRow name="Another browser" says="A link works once, for 15 minutes">
            <span>
              <code>npm run sign-in</code> prints a fresh one
            </span>
          </SettingRow>
        </SettingRows>
      </Section>
      <Section title="About" id="about">
        <SettingRows>
          <SettingRow name="Trellis" says="Self-hosted coding sessions">
            <span className="text-fg-2">
              Agents and usage come with later versions of this server; nothing of them is hidden here.
            </span>
          </SettingRow>
        </SettingRows>
      </Section>
    </>
  );
}
