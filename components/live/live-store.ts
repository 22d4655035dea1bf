import "./without-eval";
import type { RepositoryView, SessionView } from "../../server/protocol/api";
import { serverEvent } from "../../server/protocol/events";
import { foldEvent, type LiveData, learnRepository, learnSession } from "./fold-event";
import type { LinkState } from "./reconnect";
import { createSocketKeeper, socketUrl } from "./socket-keeper";

export type Live = {
  link: LinkState;
  /** Null until the first snapshot; kept while the link is down: known facts stay on screen. */
  data: LiveData | null;
  /** A message that this page cannot read: the server is newer. */
  outdated: boolean;
};

export type LiveStore = {
  get(): Live;
  subscribe(listener: () => void): () => void;
  /** Opens the socket; gives its undo. */
  start(): () => void;
  wake(): void;
  learnSession(session: SessionView): void;
  learnRepository(repository: RepositoryView): void;
};

/** The browser's state: one event socket, folded. Knows nothing of React. */
export function createLiveStore(): LiveStore {
  let live: Live = { link: { kind: "stopped" }, data: null, outdated: false };
  let cursor: string | null = null;
  const listeners = new Set<() => void>();

  function set(change: Partial<Live>): void {
    live = { ...live, ...change };
    for (const listener of listeners) listener();
  }

  function take(text: unknown): void {
    const event = serverEvent.safeParse(parse(text));
    if (!event.success) {
      // What was missed is unknown now: the next socket begins with a snapshot.
      cursor = null;
      if (!live.outdated) set({ outdated: true });
      return;
    }
    if (event.data.type === "pong") return;
    cursor = event.data.cursor;
    set({ data: foldEvent(live.data, event.data) });
  }

  const keeper = createSocketKeeper({
    url: () => socketUrl(cursor === null ? "/ws/events" : `/ws/events?after=${encodeURIComponent(cursor)}`),
    onMessage: take,
    ping: (socket) => socket.send('{"type":"ping"}'),
    onState: (link) => {
      set({ link });
      if (link.kind === "refused" && link.code === 4401) location.assign("/sign-in");
    },
  });

  return {
    get: () => live,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: keeper.start,
    wake: keeper.wake,
    learnSession: (session) => set({ data: learnSession(live.data, session) }),
    learnRepository: (repository) => set({ data: learnRepository(live.data, repository) }),
  };
}

function parse(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : null;
  } catch {
    // Not JSON: the schema refuses it.
    return null;
  }
}
