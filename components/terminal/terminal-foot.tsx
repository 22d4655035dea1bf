import { Keyboard } from "lucide-react";
import type { LinkView } from "./link-view";

const linkWords: Record<LinkView["link"]["kind"], { words: string; tone: "passing" | "attention" | "unknown" }> = {
  connecting: { words: "Connecting", tone: "unknown" },
  waiting: { words: "Waiting", tone: "unknown" },
  live: { words: "Live", tone: "passing" },
  dropped: { words: "Reconnecting", tone: "attention" },
  refused: { words: "Not connected", tone: "attention" },
};

function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function driverInWords({ role, driven, viewers }: LinkView): string {
  const others = viewers > 1 ? `, ${viewers - 1} more ${viewers === 2 ? "views" : "view"}` : "";
  if (role === "driver") return `You drive${others}`;
  return driven ? "You view, another window drives" : "Nobody drives";
}

/** Link state, round trip, who drives, size, how much was printed and whether all of it was kept. */
export function TerminalFoot({ view, onTake }: { view: LinkView; onTake: () => void }) {
  const { words, tone } = linkWords[view.link.kind];
  return (
    <footer className="terminal-foot">
      <span>
        <i className="terminal-dot" data-tone={tone} aria-hidden />
        {words}
      </span>
      {view.link.kind === "dropped" ? <span>attempt {view.link.attempt}</span> : null}
      {view.roundTripMs === null ? null : <span>{Math.max(1, Math.round(view.roundTripMs))} ms</span>}
      {view.role === null ? null : (
        <span>
          <Keyboard size={13} aria-hidden />
          {driverInWords(view)}
          {view.role === "viewer" && view.link.kind === "live" ? (
            <button type="button" className="terminal-button" onClick={onTake}>
              Take over
            </button>
          ) : null}
        </span>
      )}
      <span className="terminal-foot-space" />
      {view.size ? (
        <span>
          {view.size.cols} × {view.size.rows}
        </span>
      ) : null}
      <span>
        {bytesInWords(view.headOffset)}
        {view.missingBytes === 0 ? ", all kept" : `, ${bytesInWords(view.missingBytes)} no longer kept`}
      </span>
    </footer>
  );
}
