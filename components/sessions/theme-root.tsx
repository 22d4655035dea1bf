"use client";
import { ThemeProvider, useTheme } from "next-themes";
import { type ReactNode, useEffect } from "react";
import { themeKey, usePreferences } from "@/components/live/preferences";

/** Sets `data-theme` before the first paint and keeps it to what this browser prefers. */
export function ThemeRoot({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="data-theme"
      storageKey={themeKey}
      defaultTheme="system"
      enableSystem
      enableColorScheme={false}
      disableTransitionOnChange
    >
      <FollowPreferences />
      {children}
    </ThemeProvider>
  );
}

function FollowPreferences() {
  const { theme } = usePreferences();
  const { setTheme } = useTheme();
  useEffect(() => setTheme(theme), [theme, setTheme]);
  return null;
}
