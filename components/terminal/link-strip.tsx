import { Keyboard, Plug, TerminalSquare, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import type { LinkView } from "./link-view";

export type StripActions = {
  onTryNow: () => void;
  onSend: () => void;
  onDiscard: () => void;
  onRestart: () => void;
  onTake: () => void;
};

/** Seconds since a time, counted while it is shown. */
function Since({ time }: { time: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <>{Math.max(0, Math.round((now - time) / 1000))} s</>;
}

function Strip({
  tone,
  icon,
  words,
  children,
}: {
  tone: string;
  icon: ReactNode;
  words: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div
      className="terminal-strip"
      data-tone={tone}
      role="status"
      aria-live={tone === "attention" ? "assertive" : "polite"}
    >
      {icon}
      <span>{words}</span>
      {children}
    </div>
  );
}

const Action = ({ onClick, children }: { onClick: () => void; children: ReactNode }) => (
  <button type="button" className="terminal-button" onClick={onClick}>
    {children}
  </button>
);

const keysInWords = (bytes: number) => `${bytes} ${bytes === 1 ? "byte" : "bytes"} of input`;

function exitWords(exit: NonNullable<LinkView["exit"]>): string {
  if (exit.reason === "lost") {
    return `The host lost this program at byte ${exit.offset}: what it had not printed is gone. The output above is kept.`;
  }
  if (exit.signal) return `The program was ended by ${exit.signal}.`;
  return exit.code === 0 ? "The program ended." : `The program ended with exit ${exit.code ?? "code unknown"}.`;
}

/** What is wrong with the link or the program, and what is done about it; nothing while all is well. */
export function LinkStrip({ view, ended, actions }: { view: LinkView; ended: boolean; actions: StripActions }) {
  const { link } = view;
  if (link.kind === "dropped") {
    const held = view.heldBytes > 0 ? ` ${keysInWords(view.heldBytes)} held here.` : "";
    const words = (
      <>
        No answer from the server for <Since time={link.since} />.{held}
      </>
    );
    return (
      <Strip tone="attention" icon={<Unplug size={16} aria-hidden />} words={words}>
        <Action onClick={actions.onTryNow}>Try now</Action>
      </Strip>
    );
  }
  if (link.kind === "refused") {
    return (
      <Strip tone="attention" icon={<Unplug size={16} aria-hidden />} words={link.words}>
        {link.canTryAgain ? <Action onClick={actions.onTryNow}>Connect here</Action> : null}
      </Strip>
    );
  }
  if (view.unsent) {
    const words = `${keysInWords(view.unsent.bytes)} typed while away ${view.unsent.bytes === 1 ? "was" : "were"} not sent.`;
    return (
      <Strip tone="attention" icon={<Plug size={16} aria-hidden />} words={words}>
        <Action onClick={actions.onSend}>Send</Action>
        <Action onClick={actions.onDiscard}>Drop</Action>
      </Strip>
    );
  }
  if (link.kind === "waiting")
    return <Strip tone="neutral" icon={<Plug size={16} aria-hidden />} words={link.reason} />;
  if (view.exit) {
    const tone = view.exit.code === 0 ? "neutral" : "failing";
    return (
      <Strip tone={tone} icon={<TerminalSquare size={16} aria-hidden />} words={exitWords(view.exit)}>
        {ended ? null : <Action onClick={actions.onRestart}>Start again</Action>}
      </Strip>
    );
  }
  if (view.notice !== null) {
    return (
      <Strip tone="attention" icon={<Keyboard size={16} aria-hidden />} words={view.notice}>
        {view.role === "viewer" ? <Action onClick={actions.onTake}>Take over</Action> : null}
      </Strip>
    );
  }
  if (link.kind === "live" && link.resumedAt !== null) return <Resumed key={link.resumedAt} />;
  return null;
}

/** Shown for 4 s after a drop. */
function Resumed() {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), 4000);
    return () => clearTimeout(timer);
  }, []);
  return shown ? <Strip tone="passing" icon={<Plug size={16} aria-hidden />} words="Resumed, nothing lost." /> : null;
}
