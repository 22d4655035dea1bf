import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { storedRecord } from "./log-records";

/** What a later holder must know of a program: how to end what is left of it, and how to read its log. */
export const processFile = z.object({
  processId: z.string().min(1),
  sessionId: z.string().min(1),
  epoch: z.string().min(1),
  pid: z.int(),
  /** Null when it could not be looked at: then it is never ended by its pid. */
  identity: z.string().nullable(),
  /** Where its pid meant it; absent where an older holder wrote this. Elsewhere the same pid is another process. */
  pidNamespace: z.string().optional(),
  cols: z.int(),
  rows: z.int(),
  records: z.array(storedRecord),
  title: z.string().nullable(),
  cwd: z.string().nullable(),
  endedAt: z.number().nullable(),
});
export type ProcessFile = z.infer<typeof processFile>;

const name = "process.json";

/** Whole or not at all: a crash leaves the one before. */
export async function writeProcessFile(dir: string, content: ProcessFile): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const draft = join(dir, `${name}.draft`);
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(content));
  } finally {
    await file.close();
  }
  await rename(draft, join(dir, name));
}

export type FoundProcess = { dir: string; content: ProcessFile };

/** All that stand below `root`. One that cannot be read is told to `onBroken` and left where it is. */
export async function readProcessFiles(
  root: string,
  onBroken: (dir: string, error: unknown) => void,
): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const folder of await readdir(root).catch(noneYet)) {
    const dir = join(root, folder);
    try {
      found.push({ dir, content: processFile.parse(JSON.parse(await readFile(join(dir, name), "utf8"))) });
    } catch (error) {
      onBroken(dir, error);
    }
  }
  return found;
}

function noneYet(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
  throw error;
}

export function removeProcessDir(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true });
}
