"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { AddRepositoryDialog } from "./add-repository-dialog";
import { KeysDialog } from "./keys-dialog";
import { NewSessionDialog } from "./new-session-dialog";
import { Palette } from "./palette";

type Open =
  | { kind: "palette" }
  | { kind: "keys" }
  | { kind: "new-session"; repositoryId: string | null; restoreFrom: string | null; pullUrl: string | null }
  | { kind: "add-repository" };

type Commands = {
  openPalette: () => void;
  openKeys: () => void;
  /** Asks for repository, title and where it begins; what is given is chosen already. */
  openNewSession: (repositoryId?: string, from?: { restoreFrom?: string; pullUrl?: string }) => void;
  openAddRepository: () => void;
};

const Context = createContext<Commands | null>(null);

/** What any part of a page, the palette and the keys can start. */
export function useCommands(): Commands {
  const commands = useContext(Context);
  if (commands === null) throw new Error("useCommands stands outside CommandsRoot");
  return commands;
}

/** Holds the dialogs that can open from everywhere; one at a time. */
export function CommandsRoot({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<Open | null>(null);
  const commands = useMemo<Commands>(
    () => ({
      openPalette: () => setOpen({ kind: "palette" }),
      openKeys: () => setOpen({ kind: "keys" }),
      openNewSession: (repositoryId, from) =>
        setOpen({
          ...{ kind: "new-session", repositoryId: repositoryId ?? null },
          ...{ restoreFrom: from?.restoreFrom ?? null, pullUrl: from?.pullUrl ?? null },
        }),
      openAddRepository: () => setOpen({ kind: "add-repository" }),
    }),
    [],
  );
  const close = () => setOpen(null);
  return (
    <Context value={commands}>
      {children}
      {open?.kind === "palette" && <Palette commands={commands} onClose={close} />}
      {open?.kind === "keys" && <KeysDialog onClose={close} />}
      {open?.kind === "add-repository" && <AddRepositoryDialog onClose={close} />}
      {open?.kind === "new-session" && (
        <NewSessionDialog
          repositoryId={open.repositoryId}
          restoreFrom={open.restoreFrom}
          pullUrl={open.pullUrl}
          onClose={close}
        />
      )}
    </Context>
  );
}
