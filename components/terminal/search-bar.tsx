import type { SearchAddon } from "@xterm/addon-search";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { LogSearch } from "./log-search";

const decorations = {
  matchBackground: "#c0992a",
  activeMatchBackground: "#e6803a",
  matchOverviewRuler: "#c0992a",
  activeMatchColorOverviewRuler: "#e6803a",
};

type SearchBarProps = { search: SearchAddon; sessionId: string; terminalId: string; onClose: () => void };

/** Searches what the viewer holds, and on demand all output that is kept. */
export function SearchBar({ search, sessionId, terminalId, onClose }: SearchBarProps) {
  const [all, setAll] = useState(false);
  const [text, setText] = useState("");
  const [found, setFound] = useState<{ at: number; of: number } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    const results = search.onDidChangeResults(({ resultIndex, resultCount }) => {
      setFound({ at: resultIndex + 1, of: resultCount });
    });
    return () => {
      results.dispose();
      search.clearDecorations();
    };
  }, [search]);

  const find = (backwards: boolean, query = text) => {
    if (query === "") return search.clearDecorations();
    const options = { decorations, incremental: false };
    if (backwards) search.findPrevious(query, options);
    else search.findNext(query, options);
  };
  return (
    <search className="terminal-search">
      <div>
        <input
          ref={input}
          aria-label="Search in the terminal"
          placeholder="Search"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            find(true, event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") find(!event.shiftKey);
            if (event.key === "Escape") onClose();
          }}
        />
        <output>{text === "" || !found ? "" : found.of === 0 ? "none" : `${found.at} of ${found.of}`}</output>
        <button type="button" className="terminal-button" aria-label="Previous match" onClick={() => find(true)}>
          <ChevronUp size={13} />
        </button>
        <button type="button" className="terminal-button" aria-label="Next match" onClick={() => find(false)}>
          <ChevronDown size={13} />
        </button>
        <button type="button" className="terminal-button" aria-pressed={all} onClick={() => setAll(!all)}>
          All output
        </button>
        <button type="button" className="terminal-button" aria-label="Close search" onClick={onClose}>
          <X size={13} />
        </button>
      </div>
      {all ? <LogSearch sessionId={sessionId} terminalId={terminalId} text={text} /> : null}
    </search>
  );
}
