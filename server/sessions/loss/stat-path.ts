import type { Host } from "../host";

export type PathKind = "directory" | "file" | "other";

/** What stands at a path, links not followed; null only when the host said that nothing does. A failed look throws. */
export async function statPath(host: Host, path: string, signal?: AbortSignal): Promise<PathKind | null> {
  const result = await host.run(["stat", "--format=%F", "--", path], {
    env: { LC_ALL: "C.UTF-8" },
    timeoutMs: 10_000,
    ...(signal ? { signal } : {}),
  });
  if (result.code === 0) {
    const kind = new TextDecoder().decode(result.stdout).trim();
    if (kind === "directory") return "directory";
    return kind.startsWith("regular") ? "file" : "other";
  }
  const words = new TextDecoder().decode(result.stderr);
  if (result.code === 1 && /No such file or directory|Not a directory/.test(words)) return null;
  throw new Error(`${path} cannot be looked at: ${words.trim() || `stat ended with ${result.code}`}`);
}
