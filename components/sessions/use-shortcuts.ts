"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { type Shortcut, shortcutOf } from "./shortcut-of";
import { useCommands } from "./use-commands";
import { repositoryPath, usePathId } from "./use-path";

/** How long G waits for the key after it. */
const goingMs = 1500;

/** The keys that work on every page. `repositoryId` is where G R goes. */
export function useShortcuts(repositoryId: string | null): void {
  const commands = useCommands();
  const router = useRouter();
  const here = usePathId("repositories");
  const goingUntil = useRef(0);
  useEffect(() => {
    function run(shortcut: Shortcut): void {
      goingUntil.current = shortcut === "go" ? Date.now() + goingMs : 0;
      if (shortcut === "palette") commands.openPalette();
      else if (shortcut === "keys") commands.openKeys();
      else if (shortcut === "new-session") commands.openNewSession(here ?? repositoryId ?? undefined);
      else if (shortcut === "overview") router.push("/");
      else if (shortcut === "settings") router.push("/settings");
      else if (shortcut === "pulls") location.hash = "pulls";
      else if (shortcut === "repository") router.push(repositoryId === null ? "/" : repositoryPath(repositoryId));
      else if (shortcut === "filter") document.querySelector<HTMLElement>("[data-filter]")?.focus();
      else if (shortcut === "next") moveRow(1);
      else if (shortcut === "previous") moveRow(-1);
    }
    function onKey(event: KeyboardEvent): void {
      if (event.isComposing) return;
      const shortcut = shortcutOf(event, { place: placeOf(event), going: Date.now() < goingUntil.current });
      if (shortcut === null || (isMove(shortcut) && !canMove(event))) return;
      event.preventDefault();
      event.stopPropagation();
      run(shortcut);
    }
    // Before the terminal sees it: Ctrl-Shift-K is the one key that is ours there.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [commands, router, here, repositoryId]);
}

const isMove = (shortcut: Shortcut) => shortcut === "next" || shortcut === "previous";

/** Arrow keys belong to menus, tabs and radios that have the focus; else they move in the lists. */
function canMove(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  return (
    target?.closest(
      '[role="menu"],[role="tablist"],[role="radiogroup"],[role="listbox"],[role="tree"],[role="separator"]',
    ) == null
  );
}

function placeOf(event: KeyboardEvent): "terminal" | "field" | "dialog" | "page" {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(".xterm, [data-terminal]")) return "terminal";
  if (target?.closest('input, textarea, select, [contenteditable="true"]')) return "field";
  return document.querySelector('[role="dialog"], [role="menu"]') === null ? "page" : "dialog";
}

function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
