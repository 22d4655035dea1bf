"use client";
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { wordsOf } from "@/components/live/api-failure";
import { readLog } from "@/components/live/read-log";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";

type LogDownloadProps = { sessionId: string; terminalId: string; name: string; children: ReactNode };

/** All that is kept of a terminal's output, as a file: raw bytes, colours and all. */
export function LogDownload({ sessionId, terminalId, name, children }: LogDownloadProps) {
  const download = useMutation({
    mutationFn: async () => {
      const { bytes } = await readLog(sessionId, terminalId);
      const url = URL.createObjectURL(new Blob(bytes, { type: "application/octet-stream" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      URL.revokeObjectURL(url);
    },
  });
  return (
    <>
      <Button look="quiet" disabled={download.isPending} onClick={() => download.mutate()}>
        <Download className="size-3.5!" strokeWidth={1.75} />
        {children}
      </Button>
      {download.error !== null && <FieldError>{wordsOf(download.error)}</FieldError>}
    </>
  );
}
