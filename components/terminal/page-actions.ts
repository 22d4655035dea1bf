import { toast } from "sonner";
import { wordsOf } from "@/components/live/api-failure";
import { shellQuoted } from "./shell-quoted";
import type { PageKey } from "./terminal-keys";
import { uploadFile } from "./upload-file";
import type { OpenTerminal } from "./use-terminal";

/** Does what a key of the page's asks; the palette's is left to the window, which listens for it. */
export function takePageKey(
  key: PageKey,
  { screen }: OpenTerminal,
  page: { search: () => void; terminalId: string },
): void {
  switch (key) {
    case "palette":
      break;
    case "search":
      page.search();
      break;
    case "copy":
      void navigator.clipboard
        .writeText(screen.terminal.getSelection())
        .catch(() => toast.error("The browser did not allow copying."));
      break;
    case "paste":
      void navigator.clipboard
        .readText()
        .then((text) => screen.terminal.paste(text))
        .catch(() => toast.error("The browser did not allow pasting. Use its own paste key."));
      break;
    case "leave":
      screen.terminal.blur();
      document.getElementById(`terminal-tab-${page.terminalId}`)?.focus();
      break;
  }
}

/** Browsers may want a click before a program's text reaches the clipboard: then the toast is that click. */
export async function offerCopy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast("A program wants to copy text to the clipboard.", {
      action: { label: "Copy", onClick: () => void navigator.clipboard.writeText(text) },
    });
  }
}

/** Uploads each file and types its path; one that fails says so and does not spare the rest. */
export async function dropFiles(files: FileList, sessionId: string, open: OpenTerminal): Promise<void> {
  for (const file of files) {
    try {
      open.screen.terminal.paste(`${shellQuoted(await uploadFile(sessionId, file))} `);
    } catch (error) {
      toast.error(`${file.name} was not uploaded. ${wordsOf(error)}`);
    }
  }
  open.screen.terminal.focus();
}
