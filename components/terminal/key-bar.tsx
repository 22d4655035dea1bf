import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from "lucide-react";
import type { ReactNode } from "react";
import type { BarKey, Held } from "./key-sequences";

const keys: { key: BarKey | keyof Held; name: string; face: ReactNode }[] = [
  { key: "Escape", name: "Escape", face: "Esc" },
  { key: "Tab", name: "Tab", face: "Tab" },
  { key: "ctrl", name: "Control", face: "Ctrl" },
  { key: "alt", name: "Alt", face: "Alt" },
  { key: "ArrowLeft", name: "Left", face: <ChevronLeft size={16} /> },
  { key: "ArrowUp", name: "Up", face: <ChevronUp size={16} /> },
  { key: "ArrowDown", name: "Down", face: <ChevronDown size={16} /> },
  { key: "ArrowRight", name: "Right", face: <ChevronRight size={16} /> },
];

/** The keys a phone's keyboard lacks. Taps leave the focus where it is, so that the keyboard stays open. */
export function KeyBar({
  held,
  onHeld,
  onKey,
}: {
  held: Held;
  onHeld: (which: keyof Held) => void;
  onKey: (key: BarKey) => void;
}) {
  return (
    <div className="terminal-keys" role="toolbar" aria-label="Terminal keys">
      {keys.map(({ key, name, face }) => {
        const isHeld = key === "ctrl" || key === "alt";
        return (
          <button
            key={key}
            type="button"
            aria-label={name}
            {...(isHeld ? { "aria-pressed": held[key] !== "off", "data-held": held[key] } : {})}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => (isHeld ? onHeld(key) : onKey(key))}
          >
            {face}
          </button>
        );
      })}
    </div>
  );
}
