import { openApiClients } from "./api-clients";
import type { Kind } from "./cluster";
import { kinds, listPath } from "./kinds";
import { list } from "./object-calls";
import type { Transport } from "./transport";
import type { WatchSource } from "./watch";

type Watched<K extends Kind> = { kind: K; namespace: string; selector: string };

/** A watch has clients of its own, so that its list too ends with its signal. */
export async function openWatchSource<K extends Kind>(
  transport: Transport,
  watched: Watched<K>,
  signal: AbortSignal,
): Promise<Omit<WatchSource<K>, "explain">> {
  const clients = await openApiClients(transport, signal);
  return {
    async list() {
      const { items, version } = await list(clients, watched);
      return { objects: new Map(items.map((item) => [item.metadata?.name ?? "", item])), version };
    },
    follow: (version, { endMs, limitMs }) => transport.stream(watchPath(watched, version, endMs), { limitMs, signal }),
    decode: (object) => clients.decode(watched.kind, object),
  };
}

/** Bookmarks keep the version young where nothing changes: an old one would be forgotten by the API server. */
function watchPath({ kind, namespace, selector }: Watched<Kind>, version: string, endMs: number): string {
  const query = new URLSearchParams({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: version,
    timeoutSeconds: String(Math.max(1, Math.round(endMs / 1000))),
    ...(selector === "" ? {} : { labelSelector: selector }),
  });
  return `${listPath(kinds[kind], namespace)}?${query}`;
}
