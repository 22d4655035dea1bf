import { useQuery } from "@tanstack/react-query";
import { wordsOf } from "@/components/live/api-failure";
import { readLog } from "@/components/live/read-log";
import { LogDownload } from "./log-download";
import { plainOutput } from "./plain-output";
import { searchLog } from "./search-log";

const mostShown = 200;

/** Searches all output that is kept, beyond what the viewer scrolls through. Read anew each time it is opened. */
export function LogSearch({ sessionId, terminalId, text }: { sessionId: string; terminalId: string; text: string }) {
  const log = useQuery({
    queryKey: ["terminal-log", sessionId, terminalId],
    queryFn: async () => {
      const { bytes, offset } = await readLog(sessionId, terminalId);
      return { output: plainOutput(bytes), offset };
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (log.isPending) return <p className="terminal-matches">Reading all output that is kept…</p>;
  if (log.error) return <p className="terminal-matches">{wordsOf(log.error)}</p>;
  const { count, matches } = searchLog(log.data.output, text, mostShown);
  const begins = log.data.offset > 0 ? ` Output before byte ${log.data.offset} is no longer kept.` : "";
  const shown = count > matches.length ? `, the newest ${matches.length} shown` : "";
  return (
    <section className="terminal-matches" aria-label="Matches in all output">
      <p role="status">
        {count === 1 ? "1 line" : `${count} lines`} in all output{shown}.{begins}
      </p>
      <ol>
        {matches.map((match) => (
          <li key={match.line} value={match.line}>
            {match.text}
          </li>
        ))}
      </ol>
      <LogDownload sessionId={sessionId} terminalId={terminalId} name={`terminal-${terminalId}.log`}>
        Download all output
      </LogDownload>
    </section>
  );
}
