import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { ThemeRoot } from "@/components/sessions/theme-root";
import "@/components/ui/globals.css";

export const metadata: Metadata = {
  title: "Trellis",
  description: "Coding sessions of your own: a branch, a worktree and a terminal that never loses a byte.",
  referrer: "no-referrer",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f5f6f8" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0d10" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <ThemeRoot>{children}</ThemeRoot>
      </body>
    </html>
  );
}
