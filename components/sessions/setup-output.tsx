"use client";
import { useQuery } from "@tanstack/react-query";
import { readLog } from "@/components/live/read-log";
import { plainOutput } from "@/components/terminal/plain-output";

const shownLines = 14;

/** The last lines of the setup script while it runs. A failed look shows what was seen before. */
export function SetupOutput({ sessionId, terminalId }: { sessionId: string; terminalId: string }) {
  const output = useQuery({
    queryKey: ["setup-output", terminalId],
    queryFn: async () => plainOutput((await readLog(sessionId, terminalId)).bytes),
    refetchInterval: 1000,
  });
  const lines = (output.data ?? "").trimEnd().split("\n").slice(-shownLines).join("\n");
  if (lines === "") return null;
  return (
    <pre
      role="log"
      aria-label="Output of the setup script"
      className="col-start-2 -col-end-1 mt-2 max-h-80 overflow-auto rounded-2 border border-line bg-term px-2.75 py-2 font-mono text-[11.5px] leading-normal whitespace-pre-wrap text-term-fg [overflow-wrap:anywhere]"
    >
      {lines}
    </pre>
  );
}
