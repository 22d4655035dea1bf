"use client";
import { ForgeSettings } from "@/components/pulls/forges/forge-settings";
import { PageBody } from "./page-body";
import { AccountSettings } from "./settings/account-settings";
import { AppearanceSettings } from "./settings/appearance-settings";
import { DesktopSettings } from "./settings/desktop-settings";
import { HostSettings } from "./settings/host-settings";
import { NotificationSettings } from "./settings/notification-settings";
import { ServerSettings } from "./settings/server-settings";
import { TerminalSettings } from "./settings/terminal-settings";

const anchors = [
  ["appearance", "Appearance"],
  ["terminal", "Terminal"],
  ["account", "Account"],
  ["forges", "Forges"],
  ["notifications", "Notifications"],
  ["hosts", "Hosts"],
  ["api", "API and token"],
  ["about", "About"],
] as const;

/** One column of sections with anchors at the left. */
export function SettingsScreen() {
  return (
    <PageBody className="max-w-260">
      <h1 className="mb-6">Settings</h1>
      <div className="grid gap-6 phone:grid-cols-[168px_minmax(0,1fr)] phone:gap-12">
        <nav aria-label="Settings" className="max-phone:hidden">
          <ul className="sticky top-0 grid gap-0.5">
            {anchors.map(([id, word]) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="flex h-7 items-center rounded-2 px-2 text-fg-2 no-underline hover:bg-hover hover:text-fg hover:no-underline"
                >
                  {word}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="min-w-0">
          <AppearanceSettings />
          <TerminalSettings />
          <AccountSettings />
          <ForgeSettings />
          <DesktopSettings />
          <NotificationSettings />
          <HostSettings />
          <ServerSettings />
        </div>
      </div>
    </PageBody>
  );
}
