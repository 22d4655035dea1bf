import { z } from "zod";
import { failureOf } from "@/components/live/api-failure";

const uploaded = z.object({ path: z.string() });

/** Sends a file to the session's host, outside its worktree; gives its absolute path there. At most 64 MiB. */
export async function uploadFile(sessionId: string, file: File): Promise<string> {
  const where = `/api/sessions/${encodeURIComponent(sessionId)}/uploads?name=${encodeURIComponent(file.name)}`;
  const response = await fetch(where, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: file,
    signal: AbortSignal.timeout(300_000),
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response.status, body);
  return uploaded.parse(body).path;
}
