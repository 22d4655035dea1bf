"use client";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "@/components/live/api";
import { wordsOf } from "@/components/live/api-failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/notice";
import type { SessionView, TerminalView } from "@/server/protocol/api";

type Asked = { terminal: TerminalView; programs: string[] | null; why: string | null };
type TabActions = {
  restart: (terminal: TerminalView) => void;
  close: (terminal: TerminalView) => void;
  dialog: ReactNode;
};

/** Restart and close. Closing looks first: a shell at its prompt goes without a word, a running program is named. */
export function useTabActions(session: SessionView): TabActions {
  const [asked, setAsked] = useState<Asked | null>(null);
  const restart = useMutation({ mutationFn: (terminal: TerminalView) => api.restartTerminal(session.id, terminal.id) });
  const remove = useMutation({
    mutationFn: (terminal: TerminalView) => api.closeTerminal(session.id, terminal.id),
    onSuccess: () => setAsked(null),
  });
  const close = async (terminal: TerminalView) => {
    if (terminal.state === "exited") return remove.mutate(terminal);
    const seen = await runningIn(session.id, terminal.id);
    if (seen.programs?.length === 0) remove.mutate(terminal);
    else setAsked({ terminal, ...seen });
  };
  const error = restart.error ?? remove.error;
  return {
    restart: (terminal) => restart.mutate(terminal),
    close: (terminal) => void close(terminal),
    dialog:
      asked !== null || error !== null ? (
        <CloseDialog
          asked={asked}
          error={error}
          busy={remove.isPending}
          onClose={() => {
            setAsked(null);
            restart.reset();
            remove.reset();
          }}
          onConfirm={(terminal) => remove.mutate(terminal)}
        />
      ) : null,
  };
}

/** Null programs: the look failed, and nothing is known of what runs there. */
async function runningIn(
  sessionId: string,
  terminalId: string,
): Promise<{ programs: string[] | null; why: string | null }> {
  try {
    const { programs } = await api.loss(sessionId);
    if (programs.state === "unknown") return { programs: null, why: programs.reason };
    const mine = programs.value.filter((program) => program.terminalId === terminalId);
    return { programs: mine.map(({ command }) => command), why: null };
  } catch (error) {
    return { programs: null, why: wordsOf(error) };
  }
}

type CloseDialogProps = {
  asked: Asked | null;
  error: Error | null;
  busy: boolean;
  onClose: () => void;
  onConfirm: (terminal: TerminalView) => void;
};

function CloseDialog({ asked, error, busy, onClose, onConfirm }: CloseDialogProps) {
  const footer = (
    <>
      <span className="flex-1 max-phone:hidden" />
      <Button onClick={onClose}>{asked === null ? "Close" : "Keep it open"}</Button>
      {asked !== null && (
        <Button look="danger" disabled={busy} onClick={() => onConfirm(asked.terminal)}>
          Stop and close
        </Button>
      )}
    </>
  );
  const title = asked === null ? "That did not work" : `Close ${asked.terminal.title}?`;
  return (
    <Dialog onClose={onClose} title={title} footer={footer}>
      <div className="grid gap-3">
        {error !== null && <ErrorState>{wordsOf(error)}</ErrorState>}
        {asked !== null && asked.programs !== null && (
          <>
            <p className="text-fg-2">Closing it stops what runs there:</p>
            <ul className="grid gap-1 font-mono text-12">
              {asked.programs.map((command) => (
                <li key={command} className="[overflow-wrap:anywhere]">
                  {command}
                </li>
              ))}
            </ul>
          </>
        )}
        {asked !== null && asked.programs === null && (
          <p className="text-fg-2">What runs there is unknown: {asked.why} Closing it stops whatever it is.</p>
        )}
      </div>
    </Dialog>
  );
}
