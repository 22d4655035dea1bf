import type { Host } from "../host";

/** Well under what a kernel takes as one command line. */
const chunkBytes = 96 * 1024;

/**
 * Bytes of each path below a directory, the files in a directory summed; null where it could not be told, as for a
 * name that is no UTF-8 or a file that went away meanwhile.
 */
export async function sizesOf(
  host: Host,
  directory: string,
  { paths, signal }: { paths: string[]; signal: AbortSignal },
): Promise<Map<string, number | null>> {
  const sizes = new Map<string, number | null>(paths.map((path) => [path, null]));
  const nameable = paths.filter((path) => !path.includes("\ufffd"));
  for (const chunk of chunks(nameable)) {
    const { code, stdout } = await host.run(
      ["find", ...chunk.map((path) => `./${path.replace(/\/$/, "")}`), "-printf", "%d %y %s\\n"],
      { cwd: directory, signal, maxOutputBytes: 64 * 1024 * 1024 },
    );
    const sums = parseSizes(new TextDecoder().decode(stdout));
    if (code !== 0 || sums.length !== chunk.length) continue;
    for (const [index, path] of chunk.entries()) sizes.set(path, sums[index] ?? null);
  }
  return sizes;
}

/** One sum for each starting point, which `find` prints at depth 0 before all that is below it. */
export function parseSizes(output: string): number[] {
  const sums: number[] = [];
  for (const line of output.split("\n")) {
    if (line === "") continue;
    const [depth, kind, size] = line.split(" ");
    if (depth === "0") sums.push(0);
    const last = sums.length - 1;
    if (kind !== "d") sums[last] = (sums[last] ?? 0) + Number(size);
  }
  return sums;
}

function* chunks(paths: string[]): Generator<string[]> {
  let chunk: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    if (bytes > 0 && bytes + path.length * 4 > chunkBytes) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(path);
    bytes += path.length * 4 + 12;
  }
  if (chunk.length > 0) yield chunk;
}
