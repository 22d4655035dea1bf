"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./icon-button";

/** Copies, and says that it did, or that the browser refused. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    void (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"))).then(
      () => setSaid("copied"),
      () => setSaid("refused"),
    );
  const name =
    said === "copied" ? "Copied" : said === "refused" ? "The browser refused; select it and copy by hand" : label;
  return (
    <IconButton label={name} onClick={copy} aria-live="polite">
      {said === "copied" ? <Check strokeWidth={1.75} /> : <Copy strokeWidth={1.75} className="size-3.5!" />}
    </IconButton>
  );
}
