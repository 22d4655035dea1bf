"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { FieldError } from "@/components/ui/field";
import type { TerminalView } from "@/server/protocol/api";

/** A tab's title while it is written. Left empty, the program's own title shows again. */
export function TerminalRename({
  sessionId,
  terminal,
  onDone,
}: {
  sessionId: string;
  terminal: TerminalView;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState(terminal.title);
  const rename = useMutation({
    mutationFn: (title: string | null) => api.renameTerminal(sessionId, terminal.id, title),
    onSuccess: onDone,
  });
  const keep = () => {
    const title = draft.trim();
    if (title === terminal.title || rename.isPending) onDone();
    else rename.mutate(title === "" ? null : title);
  };
  return (
    <span className="flex items-center gap-2 px-1">
      <input
        aria-label="Terminal title"
        // biome-ignore lint/a11y/noAutofocus: the tab that was double-clicked becomes this field
        autoFocus
        maxLength={200}
        value={draft}
        placeholder="the program's own title"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") keep();
          if (event.key === "Escape") onDone();
        }}
        className="h-6 w-40 rounded-1 border border-line-strong bg-panel px-1.5 text-12"
      />
      {rename.error !== null && <FieldError>{wordsOf(rename.error)}</FieldError>}
    </span>
  );
}
