import { SettingsScreen } from "@/components/sessions/settings-screen";

export default function SettingsPage() {
  return <SettingsScreen />;
}
