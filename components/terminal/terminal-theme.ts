import type { ITheme } from "@xterm/xterm";

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
const bright = (name: (typeof names)[number]) => `bright${name[0]?.toUpperCase()}${name.slice(1)}` as keyof ITheme;

/** The tokens' terminal colours, read from the page: a canvas cannot use CSS variables. */
export function terminalTheme(root: Element): ITheme {
  const style = getComputedStyle(root);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const theme: ITheme = {
    background: token("term-bg"),
    foreground: token("term-fg"),
    cursor: token("term-cursor"),
    cursorAccent: token("term-bg"),
    selectionBackground: token("term-selection"),
  };
  for (const name of names)
    Object.assign(theme, { [name]: token(`ansi-${name}`), [bright(name)]: token(`ansi-bright-${name}`) });
  return theme;
}

/** The family that a canvas can measure, with its face loaded: else the first cells have the wrong width. */
export async function loadTerminalFont(chosen: string, sizePx: number): Promise<string> {
  const mono = getComputedStyle(document.documentElement).getPropertyValue("--font-mono").trim() || "monospace";
  const family = chosen === "" ? mono : `${JSON.stringify(chosen)}, ${mono}`;
  await document.fonts.load(`${sizePx}px ${family}`).catch(() => []); // a missing face falls back to the next
  return family;
}
