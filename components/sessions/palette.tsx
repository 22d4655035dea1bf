"use client";
import { Command, useCommandState } from "cmdk";
import {
  CircleStop,
  FolderGit2,
  FolderPlus,
  Keyboard,
  LayoutList,
  type LucideIcon,
  Moon,
  Plus,
  Search,
  Settings,
  Sun,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { writePreferences } from "@/components/live/preferences";
import { useLive } from "@/components/live/use-live";
import { Kbd } from "@/components/ui/kbd";
import { useFocusReturn } from "@/components/ui/use-focus-return";
import type { RepositoryView, SessionView } from "@/server/protocol/api";
import { newestFirst } from "./needs-you";
import { SessionIcon } from "./session-badge";
import { repositoryPath, sessionPath, usePathId } from "./use-path";

type PaletteCommands = {
  openKeys: () => void;
  openNewSession: (repositoryId?: string) => void;
  openAddRepository: () => void;
};

/** Finds and runs: this session, sessions, repositories, actions. */
export function Palette({ commands, onClose }: { commands: PaletteCommands; onClose: () => void }) {
  const { data } = useLive();
  const router = useRouter();
  const here = usePathId("sessions");
  const sessions = Object.values(data?.sessions ?? {}).sort(newestFirst);
  const repositories = Object.values(data?.repositories ?? {}).sort((a, b) => a.name.localeCompare(b.name));
  const session = sessions.find(({ id }) => id === here);
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <PaletteFrame onClose={onClose}>
      {session !== undefined && session.state === "active" && (
        <Command.Group heading="In this session">
          <Item
            icon={CircleStop}
            words="End Session…"
            onSelect={run(() => {
              location.hash = "end";
            })}
          />
          <Item
            icon={Plus}
            words={`New Session in ${session.repositoryName}`}
            onSelect={run(() => commands.openNewSession(session.repositoryId))}
          />
        </Command.Group>
      )}
      <Found sessions={sessions} repositories={repositories} onGo={(path) => run(() => router.push(path))()} />
      <Command.Group heading="Run">
        {repositories.map((one) => (
          <Item
            key={one.id}
            icon={Plus}
            words={`New Session in ${one.name}`}
            value={`new-session ${one.id}`}
            onSelect={run(() => commands.openNewSession(one.id))}
          />
        ))}
        <Item icon={FolderPlus} words="Add repository" onSelect={run(commands.openAddRepository)} />
        <Item icon={LayoutList} words="Overview" keys="G O" onSelect={run(() => router.push("/"))} />
        <Item icon={Settings} words="Settings" keys="G S" onSelect={run(() => router.push("/settings"))} />
        <Item icon={Sun} words="Light theme" onSelect={run(() => writePreferences({ theme: "light" }))} />
        <Item icon={Moon} words="Dark theme" onSelect={run(() => writePreferences({ theme: "dark" }))} />
        <Item icon={Keyboard} words="Keys" keys="?" onSelect={run(commands.openKeys)} />
      </Command.Group>
    </PaletteFrame>
  );
}

type FoundProps = { sessions: SessionView[]; repositories: RepositoryView[]; onGo: (path: string) => void };

function Found({ sessions, repositories, onGo }: FoundProps) {
  return (
    <>
      {sessions.length > 0 && (
        <Command.Group heading="Sessions">
          {sessions.map((one) => (
            <Item
              key={one.id}
              value={`session ${one.id}`}
              icon={<SessionIcon session={one} />}
              words={one.title}
              detail={`${one.repositoryName} · ${one.branch}`}
              onSelect={() => onGo(sessionPath(one.id))}
            />
          ))}
        </Command.Group>
      )}
      {repositories.length > 0 && (
        <Command.Group heading="Repositories">
          {repositories.map((one) => (
            <Item
              key={one.id}
              value={`repository ${one.id}`}
              icon={FolderGit2}
              words={one.name}
              detail={one.cloneUrl}
              onSelect={() => onGo(repositoryPath(one.id))}
            />
          ))}
        </Command.Group>
      )}
    </>
  );
}

function PaletteFrame({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  const giveBack = useFocusReturn();
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-(--z-palette) animate-fade bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={giveBack}
          className="fixed inset-x-0 top-0 z-(--z-palette) mx-auto flex max-h-[80dvh] w-full max-w-155 animate-rise flex-col overflow-hidden rounded-b-4 border border-line bg-raised shadow-dialog outline-none phone:top-26 phone:rounded-4"
        >
          <Dialog.Title className="sr-only">Search or run</Dialog.Title>
          <Command label="Search or run" loop filter={matching} className="flex min-h-0 flex-col">
            <div className="flex h-12 flex-none items-center gap-2.5 border-b border-line px-4 text-16">
              <Search aria-hidden className="size-4 shrink-0 text-fg-3" strokeWidth={1.75} />
              <Command.Input
                placeholder="Search or run"
                className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-fg-3"
              />
              <Kbd keys="Esc" className="max-phone:hidden" />
            </div>
            <Command.List className="min-h-0 overflow-auto pb-2 [&_[cmdk-group-heading]]:px-4 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-11 [&_[cmdk-group-heading]]:text-fg-3">
              <Command.Empty className="px-4 py-5 text-fg-2">
                Nothing is called that. Try part of a title, branch or repository.
              </Command.Empty>
              {children}
            </Command.List>
            <footer className="flex items-center gap-3.5 border-t border-line bg-app px-4 py-2 text-12 text-fg-3 max-phone:hidden">
              <span className="flex items-center gap-1.25">
                <Kbd keys="↑ ↓" /> move
              </span>
              <span className="flex items-center gap-1.25">
                <Kbd keys="↵" /> run
              </span>
              <span className="flex-1" />
              <span className="flex items-center gap-1.25">
                From a terminal: <Kbd keys="Ctrl Shift K" />
              </span>
            </footer>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type ItemProps = {
  icon: LucideIcon | ReactNode;
  words: string;
  detail?: string;
  keys?: string;
  value?: string;
  onSelect: () => void;
};

function Item({ icon, words, detail, keys, value, onSelect }: ItemProps) {
  const Icon =
    typeof icon === "function" || (typeof icon === "object" && icon !== null && "render" in icon)
      ? (icon as LucideIcon)
      : null;
  return (
    <Command.Item
      value={value ?? words}
      keywords={[words, detail ?? ""]}
      onSelect={onSelect}
      className="mx-1.5 flex h-9 cursor-pointer items-center gap-2.5 rounded-2 px-2.5 text-fg-2 data-[selected=true]:bg-selected pointer-coarse:h-11"
    >
      {Icon === null ? (icon as ReactNode) : <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />}
      <span className="truncate text-fg">
        <Marked text={words} />
      </span>
      <span className="min-w-0 flex-1 truncate text-12 text-fg-3">
        <Marked text={detail ?? ""} />
      </span>
      {keys !== undefined && <Kbd keys={keys} className="max-phone:hidden" />}
    </Command.Item>
  );
}

/** Every word somewhere, in any order; at the start of the name first. Ids are not looked at. */
function matching(_value: string, wanted: string, keywords: string[] = []): number {
  const [name = "", detail = ""] = keywords.map((word) => word.toLowerCase());
  const words = wanted.toLowerCase().split(/\s+/);
  if (!words.every((word) => name.includes(word) || detail.includes(word))) return 0;
  if (name.startsWith(words[0] ?? "")) return 1;
  return words.every((word) => name.includes(word)) ? 0.8 : 0.5;
}

/** The part that was searched for, in the accent. */
function Marked({ text }: { text: string }) {
  const wanted = useCommandState((state) => state.search)
    .trim()
    .toLowerCase();
  const at = wanted === "" ? -1 : text.toLowerCase().indexOf(wanted);
  if (at === -1) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="bg-transparent font-semibold text-accent-text">{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
